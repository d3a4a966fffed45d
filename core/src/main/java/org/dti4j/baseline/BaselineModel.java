package org.dti4j.baseline;

/** The click models without text. */
public enum BaselineModel {
    LOGISTIC_REGRESSION("logistic regression"),
    COLLABORATIVE_FILTER("item-based collaborative filter"),
    DIN("DIN"),
    DCN_V2("DCNv2"),
    SIM("SIM, hard search"),
    SASREC("SASRec for clicks");

    private final String title;

    BaselineModel(String title) {
        this.title = title;
    }

    /** Its name in tables. */
    public String title() {
        return title;
    }

    /** Whether the width of embeddings matters to it. */
    boolean embeds() {
        return this != LOGISTIC_REGRESSION && this != COLLABORATIVE_FILTER;
    }

    /** Whether it reads {@link ItemPairs}. */
    boolean pairs() {
        return this == COLLABORATIVE_FILTER;
    }

    Network network(Parameters parameters, ItemTable table, int width, int context) {
        return switch (this) {
            case LOGISTIC_REGRESSION -> LogisticRegression.of(parameters);
            case COLLABORATIVE_FILTER -> CollaborativeFilter.of(parameters);
            case DIN -> Din.of(parameters, table, width);
            case DCN_V2 -> DcnV2.of(parameters, table, width);
            case SIM -> Sim.of(parameters, table, width);
            case SASREC -> SasRec.of(parameters, table, width, context);
        };
    }
}
