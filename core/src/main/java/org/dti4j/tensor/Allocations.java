package org.dti4j.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Names native memory that outlives its owner: while a recording runs, every allocation inside of any {@link Scope} is remembered with the
 * place that made it. For tests; it holds on to what it saw, and costs a stack trace for each allocation. Without one, scopes are as
 * they always are.
 *
 * <pre>{@code
 * try (Allocations allocations = Allocations.record()) {
 *     pass(model);
 *     assertThat(allocations.live()).isEmpty(); // Tensor at model.Block.forward(Block.java:57) ← …
 * }
 * }</pre>
 */
public final class Allocations implements AutoCloseable {
    private static final int FRAMES = 3;
    private static volatile @Nullable Allocations current;

    private final Map<Pointer, Throwable> seen = Collections.synchronizedMap(new IdentityHashMap<>());

    private Allocations() {}

    /** Begins to record, on all threads; scopes that are open already are not seen. */
    public static Allocations record() {
        if (current != null) {
            throw new IllegalStateException("a recording runs already");
        }
        Allocations begun = new Allocations();
        current = begun;
        return begun;
    }

    /** What a new scope is made of. */
    static PointerScope scope() {
        Allocations recording = current;
        return recording == null ? new PointerScope() : new Recorded(recording);
    }

    /** What was made and is not freed, a line each: what it is, and who made it. */
    public List<String> live() {
        List<String> lines = new ArrayList<>();
        synchronized (seen) {
            seen.forEach((pointer, where) -> {
                if (pointer.referenceCount() > 0) { // 0 once freed, and for views that own nothing
                    lines.add(pointer.getClass().getSimpleName() + " at " + place(where));
                }
            });
        }
        Collections.sort(lines);
        return lines;
    }

    private static String place(Throwable where) {
        return Arrays.stream(where.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("org.dti4j.")
                        && !frame.getClassName().equals(Allocations.class.getName())
                        && !frame.getClassName().equals(Recorded.class.getName())
                        && !frame.getClassName().equals(Scope.class.getName()))
                .limit(FRAMES)
                .map(frame -> "%s.%s(%s:%d)"
                        .formatted(
                                frame.getClassName().substring("org.dti4j.".length()),
                                frame.getMethodName(),
                                frame.getFileName(),
                                frame.getLineNumber()))
                .collect(Collectors.joining(" ← "));
    }

    /** Ends the recording. */
    @Override
    public void close() {
        current = null;
    }

    private static final class Recorded extends PointerScope {
        private final Allocations recording;

        Recorded(Allocations recording) {
            this.recording = recording;
        }

        @Override
        public PointerScope attach(Pointer pointer) {
            // the first place is the one that made it; later ones only handed it on
            recording.seen.computeIfAbsent(pointer, made -> new Throwable());
            return super.attach(pointer);
        }
    }
}
