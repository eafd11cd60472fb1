# Looks at a climb only when it ends.
def longest_climb(heights):
    longest = climb = 1
    for before, height in zip(heights, heights[1:]):
        if height > before:
            climb += 1
        else:
            longest = max(longest, climb)
            climb = 1
    return longest
