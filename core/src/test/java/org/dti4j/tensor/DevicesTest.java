package org.dti4j.tensor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.bytedeco.pytorch.global.torch;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {
    @Test
    void theProcessorIsAlwaysThere() {
        assertThatCode(() -> Devices.require("cpu", "model.device")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cuda:", "cuda:x", "CPU", ""})
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> Devices.require(name, "--device"))
                .isInstanceOf(UserException.class)
                .hasMessage("--device = %s, must be cpu, cuda, or cuda:N with N the number of a GPU", name);
    }

    @Test
    void aGpuThatIsNotThereIsRefusedWithWhatItNeeds() {
        assumeThat(torch.cuda_is_available()).isFalse();
        assertThatThrownBy(() -> Devices.require("cuda:1", "model.device"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.device = cuda:1")
                .hasMessageContaining("On a GPU");
    }
}
