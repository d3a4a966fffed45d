package org.dti4j.problem;

import java.util.List;

/**
 * A mistake of the user's: one or more sentences that say where, what, and what would be right. The command line prints
 * them and exits with status 2, without a stack trace.
 */
public class UserException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    public UserException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    public UserException(String problem) {
        this(List.of(problem));
    }

    public UserException(String problem, Throwable cause) {
        this(problem);
        initCause(cause);
    }

    /** All problems that were found, in the order in which they were found; at least one. */
    public List<String> problems() {
        return problems;
    }
}
