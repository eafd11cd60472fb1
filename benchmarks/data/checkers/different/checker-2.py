def check(input_text, output_text, reference_text):
    rows = [line.split() for line in input_text.splitlines() if line.strip()]
    out = [line.strip() for line in output_text.splitlines() if line.strip()]
    if len(out) != len(rows):
        return False, None
    for (first, second), line in zip(rows, out):
        if not (line.isascii() and line.isdigit()):
            return False, None
        if int(line) != abs(int(first) - int(second)):
            return False, None
    return True, None
