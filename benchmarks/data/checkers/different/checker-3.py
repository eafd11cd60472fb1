def check(input_text, output_text, reference_text):
    data = input_text.split()
    expected = []
    for i in range(0, len(data) - 1, 2):
        a, b = int(data[i]), int(data[i + 1])
        expected.append(a - b if a >= b else b - a)
    got = output_text.split()
    if len(got) != len(expected):
        return False, None
    for word, right in zip(got, expected):
        try:
            if int(word) != right:
                return False, None
        except ValueError:
            return False, None
    return True, None
