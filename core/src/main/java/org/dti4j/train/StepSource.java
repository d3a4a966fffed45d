package org.dti4j.train;

import java.util.Iterator;

/** Where the loop gets its steps: a plan that is the same whenever it is asked again, which is what resuming rests on. */
public interface StepSource {
    /** Targets in one epoch: each training target once. */
    long targetsPerEpoch();

    /**
     * The steps of one epoch, in order.
     *
     * @param epoch counted from 0
     */
    Iterator<Step> epoch(int epoch);
}
