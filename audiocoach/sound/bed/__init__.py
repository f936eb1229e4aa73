"""Music under the words: when it plays, how loud, and how all of it becomes one sound."""
