"""Inputs of Two Sequences."""

from math import gcd
from random import Random

INCLUDES = {"group4": ["group1", "group2", "group3"]}
BIG = 10**10


def case(cases):
    lines = [str(len(cases))]
    for n, one, two in cases:
        lines += [str(n), " ".join(map(str, one)), " ".join(map(str, two))]
    return "\n".join(lines) + "\n"


def at(m, a, b, s, k):
    """Value number k of a sequence."""
    x, f = s, (a, b)
    while k:
        if k & 1:
            x = (f[0] * x + f[1]) % m
        f = (f[0] * f[0] % m, (f[0] * f[1] + f[1]) % m)
        k >>= 1
    return x


def is_prime(n):
    if n < 2:
        return False
    for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if n % p == 0:
            return n == p
    d, r = n - 1, 0
    while d % 2 == 0:
        d, r = d // 2, r + 1
    for w in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        x = pow(w, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(rng, low, high):
    while True:
        p = rng.randint(low, high)
        if is_prime(p):
            return p


def with_target(seq, k):
    m, a, b, s = seq
    return (m, a, b, s, at(m, a, b, s, k))


def rand_seq(rng, m):
    return (m, rng.randrange(m), rng.randrange(m), rng.randrange(m))


def full(rng, p, e):
    """All residues of p^e in one cycle."""
    m = p**e
    step = 4 if p == 2 else p
    a = 1 + step * rng.randrange(m // step) if m > step else 1
    b = rng.randrange(m)
    while b % p == 0:
        b = rng.randrange(m)
    return (m, a % m, b, rng.randrange(m))


def tail(rng, limit):
    """A modulus with a prime power that divides a^k, and another part."""
    p = rng.choice([2, 2, 2, 3, 6, 10])
    e = 1
    while p ** (e + 1) * 7 <= limit:
        e += 1
    e = rng.randint(max(1, e // 2), e)
    rest = prime(rng, 2, max(3, limit // p**e)) if limit // p**e > 3 else 1
    m = p**e * rest
    if m > limit:
        m = p**e
    a = p * rng.randrange(1, max(2, m // p)) % m
    while gcd(a, rest) > 1 and rest > p:
        a = p * rng.randrange(1, max(2, m // p)) % m
    return (m, a, rng.randrange(m), rng.randrange(m))


def off_cycle(rng, limit):
    """A target outside the orbit that comes to the same values as a value of the cycle."""
    m, a, b, s = tail(rng, limit)
    z = at(m, a, b, s, 50 + rng.randrange(100000))
    g = gcd(a, m)
    t = (z + m // g * rng.randrange(1, g)) % m if g > 1 else z
    return (m, a, b, s, t)


def around(rng, k, one, two, most=10**18):
    """Both sequences at their targets at index k."""
    n = rng.choice([most, most - rng.randrange(10), rng.randint(min(k, most), most)])
    return (n, with_target(one, k), with_target(two, k))


def small_case(rng, limit, most):
    def seq():
        m = rng.choice([rng.randint(1, limit), 2 ** rng.randint(0, 5), 36, 30, 1])
        return rand_seq(rng, min(m, limit))

    k = rng.randrange(rng.choice([1, 4, 40]))
    one, two = with_target(seq(), k), with_target(seq(), k)
    if rng.random() < 0.15:
        one = (*one[:4], rng.randrange(one[0]))
    return (rng.choice([most, k, max(0, k - 1), rng.randint(0, most)]), one, two)


def special():
    one = (1, 0, 0, 0, 0)
    return [
        [(0, one, one), (50000, one, one), (50000, one, (2, 1, 1, 0, 1)), (0, (3, 1, 1, 0, 1), one), (1, (3, 1, 1, 0, 1), one)],
        [
            (50000, (5, 0, 3, 1, 1), one),
            (50000, (5, 0, 3, 1, 3), one),
            (50000, (5, 0, 3, 3, 3), (7, 1, 0, 4, 4)),
            (50000, (7, 1, 0, 4, 3), one),
            (50000, (16, 2, 0, 1, 8), (9, 1, 3, 0, 0)),
        ],
    ]


def coprime(rng, high):
    p, q = prime(rng, high // 2, high), prime(rng, high // 2, high)
    return (p, 1, rng.randrange(1, p), rng.randrange(p)), (q, 1, rng.randrange(1, q), rng.randrange(q))


def prime_seq(rng, high):
    return rand_seq(rng, prime(rng, high // 2, high))


def late(rng, one, two, k):
    """Index k is the first common one or far, and N is at the border."""
    return [(k + d, with_target(one, k), with_target(two, k)) for d in (-1, 0)]


def root(rng, p):
    """A sequence of a prime modulus whose period is often a large divisor of p - 1."""
    return (p, rng.randrange(2, p), rng.randrange(p), rng.randrange(p))


def secret():
    rng = Random(606)
    top = 10**18
    tests = {}
    for i, cases in enumerate(special()):
        tests[f"group1/{i + 1:02}-special"] = case(cases)
    for i in range(3, 7):
        tests[f"group1/{i:02}-small"] = case([small_case(rng, 60, 50000) for _ in range(5)])
    tests["group1/07-large-modulus"] = case(
        [around(rng, rng.randrange(50000), rand_seq(rng, rng.randint(BIG // 2, BIG)), prime_seq(rng, BIG), 50000) for _ in range(5)]
    )
    tests["group1/08-tail"] = case(
        [around(rng, rng.randrange(20), tail(rng, BIG), tail(rng, 200), 50000) for _ in range(5)]
    )
    # group 2
    for i in range(1, 4):
        tests[f"group2/{i:02}-small"] = case([small_case(rng, 500, top) for _ in range(5)])
    tests["group2/04-full"] = case(
        [around(rng, rng.randrange(10**9), full(rng, 2, 16), full(rng, p, e), top) for p, e in [(2, 16), (2, 12), (3, 10), (5, 7), (7, 5)]]
    )
    tests["group2/05-border"] = case(
        [*late(rng, *coprime(rng, 10**5), rng.randrange(10**9)), *late(rng, full(rng, 2, 16), full(rng, 3, 10), rng.randrange(10**9))]
    )
    tests["group2/06-tail"] = case([around(rng, rng.randrange(14), tail(rng, 10**5), tail(rng, 10**5)) for _ in range(5)])
    tests["group2/07-tail-and-cycle"] = case(
        [around(rng, rng.randrange(14), tail(rng, 10**5), full(rng, 2, rng.randint(1, 4))) for _ in range(5)]
    )
    tests["group2/08-off-cycle"] = case(
        [(top, off_cycle(rng, 10**5), with_target(full(rng, 2, 1), 0)) for _ in range(5)]
    )
    # group 3
    tests["group3/01-small"] = case(
        [
            around(rng, 1 + rng.randrange(5), root(rng, prime(rng, 3, 40)), root(rng, prime(rng, 3, 40)))
            for _ in range(5)
        ]
    )
    tests["group3/02-constant"] = case(
        [
            (top, (9999999967, 0, 5, 7, 7), (2, 1, 0, 1, 1)),
            (top, (9999999967, 0, 5, 7, 5), (2, 1, 1, 1, 1)),
            (top, (9999999967, 1, 0, 7, 7), (2, 1, 1, 1, 1)),
            (0, (9999999967, 1, 5, 7, 7), (3, 1, 1, 1, 1)),
            (top, (9999999967, 1, 9999999966, 7, 6), (9999999967, 1, 1, 0, 1)),
        ]
    )
    for i in range(3, 6):
        k = rng.randint(10**17, top)
        tests[f"group3/{i:02}-shift"] = case(
            [*late(rng, *coprime(rng, BIG), rng.randint(10**17, top)), around(rng, k, *coprime(rng, BIG)),
             around(rng, 12345, *coprime(rng, 3 * 10**9)), around(rng, 10**8, *coprime(rng, 10**8))]
        )
    for i in range(6, 10):
        def pair():
            p = prime(rng, BIG // 2, BIG)
            return (root(rng, p), root(rng, rng.choice([p, prime(rng, BIG // 2, BIG), prime(rng, 3, 10**5)])))
        tests[f"group3/{i:02}-root"] = case(
            [around(rng, rng.randrange(rng.choice([10**5, 10**10, top])), *pair()) for _ in range(3)]
            + [(top, (*prime_seq(rng, BIG), rng.randrange(BIG // 2)), with_target(root(rng, 3), 0)),
               around(rng, rng.randrange(10**10), prime_seq(rng, BIG), prime_seq(rng, 100))]
        )
    # group 4
    tests["group4/01-tail"] = case([around(rng, rng.randrange(30), tail(rng, BIG), tail(rng, BIG)) for _ in range(5)])
    tests["group4/02-long-tail"] = case(
        [
            (top, (2**33, 2, 0, 1, 2**32), with_target(full(rng, 2, 5), 32)),
            (top, (2**33, 2, 1, 0, 2**33 - 1), with_target(full(rng, 2, 5), 45)),
            (top, (2**33, 2, 1, 0, 2**32 - 1), (2**32, 2, 1, 0, 2**32 - 1)),
            (top, (3**20, 3, 1, 0, (3**19 - 1) // 2), with_target(full(rng, 2, 33), 19)),
            (top, with_target(tail(rng, BIG), 25), with_target((2**32, 6, 0, 5), 25)),
        ]
    )
    tests["group4/03-off-cycle"] = case([(top, off_cycle(rng, BIG), with_target(full(rng, 2, 1), 0)) for _ in range(5)])
    tests["group4/04-off-cycle"] = case(
        [(top, off_cycle(rng, 10**7), with_target(full(rng, 3, 1), rng.randrange(3))) for _ in range(5)]
    )
    tests["group4/05-full"] = case(
        [around(rng, rng.randint(0, k), full(rng, 2, 33), full(rng, p, e))
         for p, e, k in [(2, 33, 10**12), (2, 30, top), (3, 20, top), (5, 14, top), (7, 11, 10**17)]]
    )
    tests["group4/06-full-border"] = case(
        [*late(rng, full(rng, 2, 33), full(rng, 3, 20), rng.randint(10**17, top)),
         *late(rng, full(rng, 2, 33), full(rng, 2, 33), rng.randint(10**9, 8 * 10**9)),
         around(rng, rng.randrange(10**10), full(rng, 10**5 - 9, 2), full(rng, 99989, 1))]
    )
    tests["group4/07-off-by-residue"] = case(
        [(top, with_target(full(rng, 2, 33), 5), with_target(full(rng, 2, 32), 6)),
         (top, with_target(full(rng, 2, 33), 5), with_target(full(rng, 2, 32), 5 + 2**32)),
         around(rng, 2**33 + 3, full(rng, 2, 33), tail(rng, BIG)),
         around(rng, rng.randrange(35), full(rng, 2, 33), tail(rng, BIG)),
         around(rng, 41, tail(rng, BIG), tail(rng, BIG))]
    )
    for i in range(8, 11):
        tests[f"group4/{i:02}-random"] = case(
            [around(rng, rng.randrange(rng.choice([10**5, 10**10, top])), rand_seq(rng, rng.randint(BIG // 2, BIG)),
                    rand_seq(rng, rng.choice([rng.randint(BIG // 2, BIG), rng.randint(2, 1000)]))) for _ in range(5)]
        )
    for i in range(10, 12):
        # unrelated indices: the first common one is nearly always beyond N
        tests[f"group3/{i:02}-far"] = case(
            [(top, with_target(one, rng.randrange(one[0])), with_target(two, rng.randrange(two[0])))
             for one, two in (coprime(rng, BIG) for _ in range(5))]
        )
    cases = []
    for _ in range(5):
        one, two = full(rng, 2, 33), full(rng, *rng.choice([(3, 20), (5, 14), (97, 5), (99991, 2)]))
        cases.append((top, with_target(one, rng.randrange(one[0])), with_target(two, rng.randrange(two[0]))))
    tests["group4/13-far"] = case(cases)
    for name, limit in [("group2/09-late-second", 13), ("group4/14-late-second", 28)]:
        cases = []
        for _ in range(5):
            e, q = rng.randint(limit // 2, limit), rng.choice([3, 5, 7])
            m = 2**e * q
            two = (m, 2, rng.randrange(m), rng.randrange(m))
            k = e + rng.randrange(60)
            cases.append((rng.choice([top, k, k + 3]), with_target(full(rng, 3, 1), k), with_target(two, k)))
        tests[name] = case(cases)
    # the cycle is entered late, and the common index is before or after that
    cases = []
    for _ in range(5):
        one = tail(rng, BIG)
        cases.append(around(rng, rng.choice([20, 33, 34, 40, 60]), one, rng.choice([(2, 1, 1, 0), (6, 1, 1, 3), (1, 0, 0, 0)])))
    tests["group4/11-tail-and-short"] = case(cases)
    cases = []
    while len(cases) < 5:
        # the first sequence has a short cycle and a long tail: the second comes early
        e = rng.randint(10, 24)
        q = rng.choice([3, 5, 7, 11, 13, 31, 127])
        m = 2**e * q
        one = (m, 2, rng.randrange(m), rng.randrange(m))
        k = e + rng.randrange(60)
        cases.append((rng.choice([top, k, k - 1]), with_target(one, k), with_target(full(rng, 2, rng.randint(1, 3)), k)))
    tests["group4/12-late-cycle"] = case(cases)
    return tests
