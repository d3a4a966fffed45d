package org.dti4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MethodTest {
    /** Isolation, hidden [SUM]s and a fixed prefix distance are the conditions: without one of them, a target's place in its stream matters. */
    @Test
    void onlyIsolatedItemsAtAFixedPrefixDistanceAreExact() {
        Method isolated = Method.named("dti-isolated");
        assertThat(isolated.isExact()).isTrue();
        assertThat(TestMethods.withTruePrefixDistance(isolated).isExact()).isFalse();
        assertThat(isolated.withWindowTokens(30).isExact()).isFalse();
        for (String name : List.of("dti", "dti-rope", "dti-minus", "dti-minus-sink", "sliding-window")) {
            assertThat(Method.named(name).isExact()).as(name).isFalse();
        }
    }
}
