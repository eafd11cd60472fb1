"""The steps of the loop over one problem, in the order in which `solve.py` takes them.

1. `sampling`: many candidates, asked of the model.
2. `building`: distinct programs, compiled once.
3. `writing`: inputs by generators that the model writes, kept by its validators' vote.
   `predicting`: test cases with the outputs that it predicts.
4. `observing`: few behaviours, seen on samples, generated and written inputs; `pairing` asks for
   inputs that separate the strongest of them; `strengthening` measures all inputs by mutants, and
   makes more where they are weak.
5. `reviewing`: a second model's opinion of the best programs.
6. `dueling`: a model compares the best programs, pair by pair.
7. `submitting`: the best next submission, until the policy stops or wants more candidates.
8. `separating`: the smallest input that tells the chosen program from its strongest rival.

A step takes the run (`problem_run.ProblemRun`: problem, tools, settings, progress) and what the
steps before it made. Steps are idempotent: what was answered, run or judged is in the journal, so
a step that is taken again gives the same again, and asks only for what is new.
"""
