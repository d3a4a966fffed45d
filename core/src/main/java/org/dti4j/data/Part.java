package org.dti4j.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The part of the data that a target belongs to, by one global cut in time (docs/method.md section 8). */
public enum Part {
    @JsonProperty("train")
    TRAIN(0),
    @JsonProperty("validation")
    VALIDATION(1),
    @JsonProperty("test")
    TEST(2);

    private final byte code;

    Part(int code) {
        this.code = (byte) code;
    }

    /** How the part is written in prepared files and kept in memory. */
    public byte code() {
        return code;
    }

    static Part of(int code) {
        return switch (code) {
            case 0 -> TRAIN;
            case 1 -> VALIDATION;
            case 2 -> TEST;
            default -> throw new IllegalArgumentException("no part has the code " + code);
        };
    }
}
