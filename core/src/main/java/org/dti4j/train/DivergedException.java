package org.dti4j.train;

import org.dti4j.problem.UserException;

/** Training left the finite numbers: of a search, a candidate that is out; of a run, its end. */
public final class DivergedException extends UserException {
    private static final long serialVersionUID = 1;

    DivergedException(String problem) {
        super(problem);
    }
}
