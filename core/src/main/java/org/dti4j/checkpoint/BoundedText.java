package org.dti4j.checkpoint;

/**
 * A text for a regular expression that somebody else wrote: matching reads it letter by letter, and one that backtracks without an end in
 * sight is stopped after {@value #MOST_READS} letters.
 */
final class BoundedText implements CharSequence {
    private static final int MOST_READS = 1_000_000;

    private final String text;
    private int reads;

    BoundedText(String text) {
        this.text = text;
    }

    /** Matching took too long. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++reads > MOST_READS) {
            throw new Exhausted();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
