"""The workers' room: who does the work, here or in a cluster, and the runs of many sessions."""
