package org.dti4j.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever answers in place of rank 0 is not believed everything. */
final class HelloTest {
    private static Hello.Answer answered(String refusal, int length, int port) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(refusal);
        out.writeByte(length);
        out.write(new byte[length]);
        out.writeInt(port);
        out.write(new byte[16]);
        return Hello.Answer.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    @Test
    void anAnswerNamesTheNextPeer() throws IOException {
        assertThat(answered("", 4, 65_535).next().getPort()).isEqualTo(65_535);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MIN_VALUE})
    void anImpossiblePortIsAStrangers(int port) {
        assertThatThrownBy(() -> answered("", 4, port))
                .isInstanceOf(IOException.class)
                .hasMessage("no port is " + port);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 17, 255})
    void anAddressOfAnotherLengthIsAStrangers(int length) {
        assertThatThrownBy(() -> answered("", length, 1)).isInstanceOf(IOException.class);
    }

    @Test
    void aRefusalIsToldWhateverItSays() {
        assertThatThrownBy(() -> answered(" \n", 4, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("rank 0 refuses this process and does not say why");
        assertThatThrownBy(() -> answered("x".repeat(60_000), 4, 1))
                .isInstanceOf(UserException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSize(500));
    }
}
