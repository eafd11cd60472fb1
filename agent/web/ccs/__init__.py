"""The contest in the words of the ICPC's Contest API, version 2023-06.

https://ccs-specs.icpc.io/2023-06/contest_api: the objects, the event feed and the contest package.
"""
