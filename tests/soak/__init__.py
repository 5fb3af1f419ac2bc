"""The long versions of tests that find more the longer they run."""
