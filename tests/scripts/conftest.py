"""The authors' scripts are no tests of ours."""

collect_ignore = ["cases"]
