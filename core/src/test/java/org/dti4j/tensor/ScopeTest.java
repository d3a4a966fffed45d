package org.dti4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Who frees a tensor: the scope it was made in, unless it was kept for the enclosing one or owned by somebody. */
class ScopeTest {
    private static Tensor three() {
        return Placement.CPU_FLOAT32.floats(new float[] {3}, 1);
    }

    @Test
    void closingFreesWhatWasMadeInside() {
        Tensor made;
        try (Scope scope = Scope.open()) {
            made = three();
            assertThat(made.isNull()).isFalse();
        }
        assertThat(made.isNull()).isTrue();
    }

    @Test
    void aKeptTensorBelongsToTheEnclosingScope() {
        Tensor kept;
        try (Scope outer = Scope.open()) {
            try (Scope inner = Scope.open()) {
                kept = inner.keep(three().mul(new Scalar(2.0)));
            }
            assertThat(Tensors.toFloats(kept)).containsExactly(6);
        }
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void aTensorKeptByTheOutermostScopeIsTheCallersToClose() {
        Tensor kept;
        try (Scope scope = Scope.open()) {
            kept = scope.keep(three());
        }
        assertThat(Tensors.toFloats(kept)).containsExactly(3);
        kept.close();
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void anOwnedTensorOutlivesEveryScope() {
        Tensor owned;
        try (Scope outer = Scope.open()) {
            try (Scope inner = Scope.open()) {
                owned = inner.own(three());
            }
        }
        assertThat(Tensors.toFloats(owned)).containsExactly(3);
        owned.close();
        assertThat(owned.isNull()).isTrue();
    }
}
