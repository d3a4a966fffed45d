package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;

final class FailuresTest {
    private final Terminal terminal = new Terminal();
    private final Failures failures = new Failures(terminal.console());

    @Test
    void aUsersMistakeIsItsSentencesAndStatusTwo() {
        assertThat(failed(new UserException(List.of("one", "two")))).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("one\ntwo\n");
    }

    @Test
    void aMistakeIsFoundUnderWhatWrapsIt() {
        assertThat(failed(new IllegalStateException(new UserException("one")))).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("one\n");
    }

    @Test
    void aFaultHasItsTraceAndTheCommandAndStatusOne() {
        assertThat(failed(new IllegalStateException("broken"))).isEqualTo(1);
        assertThat(terminal.err())
                .contains(
                        "java.lang.IllegalStateException: broken", "\tat ", "Please report it", "command: dti train x");
    }

    @Test
    void filesThatCannotBeUsedAreNoFaults() {
        assertThat(failed(new NoSuchFileException("a"))).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("a: no such file or folder\n");
        assertThat(failed(new UncheckedIOException(new AccessDeniedException("b"))))
                .isEqualTo(2);
        assertThat(terminal.err()).endsWith("b: permission denied\n");
        assertThat(failed(new FileSystemException("c", null, "No space left on device")))
                .isEqualTo(2);
        assertThat(terminal.err()).endsWith("c: No space left on device\n");
    }

    @Test
    void outOfMemorySaysWhatToDo() {
        assertThat(failed(new OutOfMemoryError("Java heap space"))).isEqualTo(2);
        assertThat(terminal.err())
                .contains("Out of memory: Java heap space", "DTI_JAVA_OPTIONS")
                .doesNotContain("\tat ");
        assertThat(failed(new RuntimeException(
                        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")))
                .isEqualTo(2);
    }

    private int failed(Throwable failure) {
        return failures.failed(failure, List.of("train", "x"));
    }
}
