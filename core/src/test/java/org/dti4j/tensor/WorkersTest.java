package org.dti4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class WorkersTest {
    /** What a task reads may be freed once the call has returned, and native code knows no interrupt. */
    @Test
    void anInterruptedCallerWaitsForAllTasks() {
        AtomicInteger ended = new AtomicInteger();
        try (Workers workers = Workers.start()) {
            Callable<Integer> work = () -> {
                Thread.sleep(50);
                return ended.incrementAndGet();
            };
            Thread.currentThread().interrupt();
            assertThat(workers.runApart(Collections.nCopies(5, work))).hasSize(5);
            assertThat(ended).hasValue(5);
            assertThat(Thread.interrupted())
                    .as("the interrupt is still to be seen")
                    .isTrue();
        }
    }

    @Test
    void aFailingTaskFailsTheCallOnceAllHaveEnded() {
        AtomicInteger ended = new AtomicInteger();
        try (Workers workers = Workers.start()) {
            Callable<Integer> fails = () -> {
                throw new IllegalArgumentException("one");
            };
            Callable<Integer> slow = () -> {
                Thread.sleep(50);
                return ended.incrementAndGet();
            };
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> workers.run(List.of(fails, slow, slow)))
                    .withMessage("one");
            assertThat(ended).hasValue(2);
        }
    }

    /** libtorch sets the number of threads of a thread again, by the process's, when it first cuts an operation in pieces. */
    @Test
    void operationsOfAWorkerAreNeverCutInPieces() {
        int before = torch.get_num_threads();
        torch.set_num_threads(3);
        try (Workers workers = Workers.start()) {
            Callable<Integer> work = () -> {
                try (Scope scope = Scope.open()) {
                    Tensor large = torch.rand(1 << 18);
                    large.mul(large).sum();
                    return torch.get_num_threads();
                }
            };
            assertThat(workers.count()).isEqualTo(3);
            assertThat(workers.run(Collections.nCopies(12, work))).containsOnly(1);
            assertThat(workers.run(List.of(work))).as("one task, by the caller").containsExactly(3);
        } finally {
            torch.set_num_threads(before);
        }
    }
}
