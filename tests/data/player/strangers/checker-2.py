def check(input_text, output_text, reference_text):
    n = int(input_text)
    tokens = output_text.split()
    numbers = []
    for token in tokens:
        body = token[1:] if token.startswith("-") else token
        if not (body.isascii() and body.isdigit() and len(body) < 10):
            return False, None
        numbers.append(int(token))
    if numbers == [-1]:
        return True, 0
    if len(numbers) != n:
        return False, None
    if any(number < 1 or number > n for number in numbers):
        return False, None
    if len(set(numbers)) != n:
        return False, None
    good = all(abs(numbers[k] - numbers[k + 1]) >= 2 for k in range(n - 1))
    return good, 1
