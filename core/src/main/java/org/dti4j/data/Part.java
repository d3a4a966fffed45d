package org.dti4j.data;

/** The part of the data that a target belongs to, by one global cut in time (METHOD.md section 8). */
public enum Part {
    TRAIN,
    VALIDATION,
    TEST
}
