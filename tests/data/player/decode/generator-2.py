import random

seed = int(input())
random.seed(seed)
letters = random.choice(["12", "120", "27", "1", "26", "10203"])
text = "".join(random.choice(letters) for _ in range(random.randint(1, 60)))
print(random.choice([text, text.lstrip("0") or "0"]))
