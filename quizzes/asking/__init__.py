"""One question before one learner: as it is asked, as it is answered, as it is explained afterwards."""
