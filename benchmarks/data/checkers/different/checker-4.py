def check(input_text, output_text, reference_text):
    expected = []
    for line in input_text.splitlines():
        parts = line.split()
        if len(parts) == 2:
            expected.append(str(abs(int(parts[0]) - int(parts[1]))))
    return output_text.split() == expected, None
