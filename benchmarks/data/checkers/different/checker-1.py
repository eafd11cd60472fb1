# One right output: the absolute difference of each pair, one a line.


def check(input_text, output_text, reference_text):
    numbers = [int(token) for token in input_text.split()]
    pairs = list(zip(numbers[::2], numbers[1::2]))
    tokens = output_text.split()
    if len(tokens) != len(pairs):
        return False, None
    try:
        answers = [int(token) for token in tokens]
    except ValueError:
        return False, None
    return all(answer == abs(a - b) for answer, (a, b) in zip(answers, pairs)), None
