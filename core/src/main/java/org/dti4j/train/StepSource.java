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
     * @param from the first step, counted from 0: steps before it were taken before a resume; at most the number of steps
     */
    Iterator<Step> epoch(int epoch, long from);
}
