package org.dti4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

final class AllocationsTest {
    @Test
    void whatAScopeFreesIsNotLive() {
        try (Allocations allocations = Allocations.record()) {
            try (Scope scope = Scope.open()) {
                Tensor x = torch.ones(3).mul(torch.ones(3));
                assertThat(x.numel()).isEqualTo(3);
                assertThat(allocations.live()).hasSizeGreaterThanOrEqualTo(3);
            }
            assertThat(allocations.live()).isEmpty();
        }
    }

    @Test
    void whatNobodyClosedIsNamedWithThePlaceThatMadeIt() {
        try (Allocations allocations = Allocations.record()) {
            Tensor leaked = leak();
            assertThat(allocations.live())
                    .singleElement()
                    .asString()
                    .startsWith("Tensor at tensor.AllocationsTest.leak(AllocationsTest.java:");
            leaked.close();
            assertThat(allocations.live()).isEmpty();
        }
    }

    private static Tensor leak() {
        try (Scope scope = Scope.open()) {
            return scope.own(torch.ones(5).add(torch.ones(5)));
        }
    }

    @Test
    void whatIsKeptBelongsToTheEnclosingScope() {
        try (Allocations allocations = Allocations.record()) {
            try (Scope outer = Scope.open()) {
                try (Scope inner = Scope.open()) {
                    inner.keep(torch.ones(5));
                }
                assertThat(allocations.live()).anyMatch(line -> line.startsWith("Tensor at tensor.AllocationsTest"));
            }
            assertThat(allocations.live()).isEmpty();
        }
    }

    @Test
    void oneRecordingRunsAtATime() {
        try (Allocations allocations = Allocations.record()) {
            assertThat(allocations.live()).isEmpty();
            assertThatThrownBy(Allocations::record).isInstanceOf(IllegalStateException.class);
        }
        Allocations.record().close();
    }
}
