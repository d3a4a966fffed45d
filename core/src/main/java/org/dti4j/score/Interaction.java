package org.dti4j.score;

/**
 * One interaction of a user's history, as a caller of a scorer knows it.
 *
 * @param item the item's id in the catalogue
 * @param liked the outcome
 * @param rating what the outcome was made from; NaN if it is not known, which only a feedback template with {@code {rating}} minds
 */
public record Interaction(String item, boolean liked, double rating) {
    public Interaction(String item, boolean liked) {
        this(item, liked, Double.NaN);
    }
}
