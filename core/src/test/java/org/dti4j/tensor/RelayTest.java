package org.dti4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class RelayTest {
    @Test
    void theLatestAloneIsHeld() {
        List<Tensor> made = new ArrayList<>();
        try (Scope outer = Scope.open()) {
            Tensor first = torch.ones(3);
            Tensor last;
            try (Relay x = new Relay(first)) {
                for (int layer = 0; layer < 4; layer++) {
                    try (Scope scope = Scope.open()) {
                        Tensor next = x.now().add(new Scalar(1));
                        made.add(next);
                        x.next(scope, next);
                    }
                }
                last = x.last();
            }
            assertThat(made.subList(0, 3)).allMatch(each -> each.isNull());
            assertThat(first.isNull()).isFalse();
            assertThat(last.sum().item_float()).isEqualTo(15);
        }
        assertThat(made.get(3).isNull())
                .as("of the scope that it was handed to")
                .isTrue();
    }

    @Test
    void whatIsNotHandedOnIsFreed() {
        Tensor made;
        try (Scope outer = Scope.open();
                Relay x = new Relay(torch.ones(3))) {
            try (Scope scope = Scope.open()) {
                made = torch.ones(3);
                made.retainReference(); // as a tape does
                x.next(scope, made);
            }
        }
        assertThat(made.isNull()).as("held by somebody else").isFalse();
        made.close();
        assertThat(made.isNull()).isTrue();
    }
}
