# Reads beyond the end.
def longest_climb(heights):
    longest = climb = 1
    i = 0
    while i < len(heights):
        if heights[i + 1] > heights[i]:
            climb += 1
            longest = max(longest, climb)
        else:
            climb = 1
        i += 1
    return longest
