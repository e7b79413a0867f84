"""The real parts that tests run against: found on this machine, started for one run, gone afterwards."""
