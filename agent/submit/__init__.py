"""The rules of a contest, and the judge that counts submissions."""
