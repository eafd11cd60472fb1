def longest_climb(heights):
    longest = climb = 1
    for before, height in zip(heights, heights[1:]):
        climb = climb + 1 if height > before else 1
        longest = max(longest, climb)
    return longest
