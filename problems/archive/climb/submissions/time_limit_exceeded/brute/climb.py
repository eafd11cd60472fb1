# Looks at every stretch.
def longest_climb(heights):
    n = len(heights)
    return max(
        j - i
        for i in range(n)
        for j in range(i + 1, n + 1)
        if all(heights[k] > heights[k - 1] for k in range(i + 1, j))
    )
