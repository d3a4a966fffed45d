package org.dti4j.serve;

import java.util.List;

/** A failure that a client is told of as a problem document (RFC 9457). */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;
    private final transient List<String> errors;

    Problem(int status, String title, String detail) {
        this(status, title, detail, List.of());
    }

    Problem(int status, String title, String detail, List<String> errors) {
        super(detail, null, false, false); // an answer, not a fault: no stack trace
        this.status = status;
        this.title = title;
        this.errors = errors;
    }

    static Problem invalid(List<String> errors) {
        return new Problem(422, "Invalid request", String.join("; ", errors), errors);
    }

    static Problem malformed(String detail) {
        return new Problem(400, "Malformed request", detail);
    }

    int status() {
        return status;
    }

    /** The document. */
    Document document() {
        return new Document("about:blank", title, status, String.valueOf(getMessage()), errors);
    }

    /**
     * As RFC 9457 has it, with the single errors beside.
     *
     * @param errors one for each thing that is wrong, if there are several
     */
    record Document(String type, String title, int status, String detail, List<String> errors) {}
}
