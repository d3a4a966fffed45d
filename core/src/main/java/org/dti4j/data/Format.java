package org.dti4j.data;

/** The formats of logs that can be read. */
public enum Format {
    /** {@code ratings.dat} and {@code movies.dat} of MovieLens 1M: {@code ::} between columns, Latin-1, no header. */
    MOVIELENS_1M("movielens-1m", 3, 0.001),
    /** {@code ratings.csv} and {@code movies.csv} of later MovieLens releases. */
    MOVIELENS_CSV("movielens-csv", 3, 0.001),
    /**
     * Reviews and metadata of Ni et al. 2018, JSON lines. Some reviews are of items that the metadata lacks (3 % in small
     * categories), hence the larger share of bad rows.
     */
    AMAZON_2018("amazon-2018", 4, 0.05),
    /** Any CSV, TSV, JSON-lines or Parquet file, its columns named by {@link TableColumns}. */
    TABLE("table", Double.NaN, 0.001);

    private final String word;
    private final double threshold;
    private final double badShare;

    Format(String word, double threshold, double badShare) {
        this.word = word;
        this.threshold = threshold;
        this.badShare = badShare;
    }

    /** As it is written in a configuration. */
    public String word() {
        return word;
    }

    /** The label is 1 if the rating is greater, unless configured otherwise; not a number for {@link #TABLE}. */
    double threshold() {
        return threshold;
    }

    /** Largest share of bad rows, unless configured otherwise. */
    double badShare() {
        return badShare;
    }
}
