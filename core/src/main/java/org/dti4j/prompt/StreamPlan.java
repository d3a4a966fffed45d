package org.dti4j.prompt;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * Which target goes into which prompt (docs/method.md section 2): every target into exactly one, k of them into each, fewer into a
 * user's last. With k = 1 this is the sliding-window layout. A list that makes its streams when asked, so that the
 * plan of a hundred million prompts needs no more room than that of its users.
 */
public final class StreamPlan extends AbstractList<Stream> implements RandomAccess {
    /** Value of k for streams of all that a user has. */
    public static final int ALL = Integer.MAX_VALUE;

    private final TargetSet targets;
    private final int context;
    private final int targetsPerStream;

    /** Number of streams up to and with each run. */
    private final int[] streamsUntil;

    private StreamPlan(TargetSet targets, int context, int targetsPerStream) {
        this.targets = targets;
        this.context = context;
        this.targetsPerStream = targetsPerStream;
        streamsUntil = new int[targets.runs()];
        int streams = 0;
        for (int run = 0; run < streamsUntil.length; run++) {
            streams = Math.addExact(streams, (targets.length(run) - 1) / targetsPerStream + 1);
            streamsUntil[run] = streams;
        }
    }

    /**
     * Plans the streams of a set of targets, in the order of users and interactions.
     *
     * @param context n: interactions before a stream's first target, fewer where the history begins
     * @param targetsPerStream k, 1 for the sliding window, {@link #ALL} for one stream per user
     */
    public static StreamPlan of(TargetSet targets, int context, int targetsPerStream) {
        if (context < 0 || targetsPerStream < 1) {
            throw new IllegalArgumentException("context = %d, must be >= 0; targets per stream = %d, must be >= 1"
                    .formatted(context, targetsPerStream));
        }
        return new StreamPlan(targets, context, targetsPerStream);
    }

    @Override
    public Stream get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("stream %d of %d".formatted(index, size()));
        }
        int found = Arrays.binarySearch(streamsUntil, index + 1);
        int run = found >= 0 ? found : -found - 1;
        int before = run == 0 ? 0 : streamsUntil[run - 1];
        int firstTarget = targets.from(run) + (index - before) * targetsPerStream;
        int end = (int) Math.min(targets.end(run), (long) firstTarget + targetsPerStream);
        return new Stream(targets.user(run), Math.max(0, firstTarget - context), firstTarget, end);
    }

    @Override
    public int size() {
        return streamsUntil.length == 0 ? 0 : streamsUntil[streamsUntil.length - 1];
    }

    /** Number of targets of all streams together. */
    public long targets() {
        return targets.size();
    }
}
