package org.dti4j.score;

/** Predictors without a model, to show what a trained one is worth. */
public enum Baseline {
    /** How often the item was liked in training. */
    ITEM_MEAN("item mean"),

    /** How often the user liked what came before the target. */
    USER_MEAN("user mean"),

    /** Both, added as log-odds. */
    ITEM_AND_USER_MEAN("item + user mean");

    private final String title;

    Baseline(String title) {
        this.title = title;
    }

    /** Its name in reports. */
    public String title() {
        return title;
    }
}
