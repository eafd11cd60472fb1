print("Hello Word!")
