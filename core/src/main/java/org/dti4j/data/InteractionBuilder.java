package org.dti4j.data;

/**
 * Makes the table {@code interactions} from {@code interaction_rows}: known items and users of the sample as numbers, duplicates
 * merged; then prunes it. Numbers follow the order of ids.
 */
final class InteractionBuilder {
    private final Database database;
    private final DataConfig config;

    InteractionBuilder(Database database, DataConfig config) {
        this.database = database;
        this.config = config;
    }

    /** What became of good rows that are not interactions now. */
    record Merged(long duplicates, long conflicting, long leftOut) {}

    /** Marks rows whose item the catalogue lacks. */
    void markUnknownItems() {
        database.run(
                "UPDATE interaction_rows SET reason = '%s' WHERE reason IS NULL AND item NOT IN (SELECT id FROM catalogue)"
                        .formatted(BadRow.Reason.UNKNOWN_ITEM.name()));
    }

    Merged build() {
        String sample = config.maximumUsers() == 0 ? "" : "ORDER BY md5(id), id LIMIT " + config.maximumUsers();
        database.run("""
                CREATE TABLE users AS
                SELECT CAST(row_number() OVER (ORDER BY %s) - 1 AS INTEGER) AS number, id
                FROM (SELECT DISTINCT "user" AS id FROM interaction_rows WHERE reason IS NULL %s)""".formatted(CatalogueBuilder.ID_ORDER, sample));
        long good = database.number("SELECT count(*) FROM interaction_rows WHERE reason IS NULL");
        // of several rows with one user, item and time the highest rating, whatever their order in the file
        database.run("""
                CREATE TABLE interactions AS
                SELECT users.number AS "user", catalogue.number AS item, time,
                       max(rating) AS rating, bool_or(label) AS label,
                       CAST(count(*) AS INTEGER) AS copies,
                       min(rating) <> max(rating) OR bool_and(label) <> bool_or(label) AS conflicting
                FROM interaction_rows
                JOIN users ON users.id = "user" JOIN catalogue ON catalogue.id = item
                WHERE reason IS NULL
                GROUP BY ALL""");
        long copies = database.number("SELECT sum(copies) FROM interactions");
        return new Merged(
                copies - database.number("SELECT count(*) FROM interactions"),
                database.number("SELECT count(*) FROM interactions WHERE conflicting"),
                good - copies);
    }

    /** Makes {@code kept_items} and {@code kept_users}, each with a new number for the old one. */
    Statistics.Pruned prune() {
        database.run("""
                CREATE TABLE kept_items AS
                SELECT item AS old, CAST(row_number() OVER (ORDER BY item) - 1 AS INTEGER) AS number, interactions
                FROM (SELECT item, count(*) AS interactions FROM interactions GROUP BY item)
                WHERE interactions >= %d""".formatted(config.minimumInteractions()));
        database.run("""
                CREATE TABLE kept_users AS
                SELECT "user" AS old, CAST(row_number() OVER (ORDER BY "user") - 1 AS INTEGER) AS number
                FROM (SELECT DISTINCT "user" FROM interactions WHERE item IN (SELECT old FROM kept_items))""");
        return new Statistics.Pruned(
                database.number("SELECT count(*) FROM catalogue") - database.number("SELECT count(*) FROM kept_items"),
                database.number("SELECT count(*) FROM interactions")
                        - database.number("SELECT sum(interactions) FROM kept_items"),
                database.number("SELECT count(*) FROM users") - database.number("SELECT count(*) FROM kept_users"));
    }
}
