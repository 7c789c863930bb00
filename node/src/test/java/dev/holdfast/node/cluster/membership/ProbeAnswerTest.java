package dev.holdfast.node.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.control.BootstrapView;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProbeAnswerTest {

    private static final NodeId A = new NodeId("disk-a");
    private static final NodeAddress AT_A = new NodeAddress("10.0.0.1", 5710);
    private static final Founding FOUNDING =
            new Founding(UUID.randomUUID().toString(), new TreeSet<>(List.of(A)), 8, Optional.empty());
    private static final ProbeAnswer ANSWER = new ProbeAnswer(
            "dev",
            UUID.randomUUID(),
            7,
            true,
            2,
            new TreeMap<>(java.util.Map.of(A, AT_A)),
            new BootstrapView(A, "a", 8, List.of(AT_A), Optional.empty(), "", Optional.of(FOUNDING)));

    @Test
    void anAnswerIsReadAsItWasWritten() {
        assertThat(ProbeAnswer.decode(ANSWER.encode())).isEqualTo(ANSWER);
    }

    @Test
    void whatIsNoAnswerIsRefusedAndNothingElseHappens() {
        byte[] whole = ANSWER.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ProbeAnswer.decode(part))
                    .as("first %s bytes", length)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 5_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertThatThrownBy(() -> ProbeAnswer.decode(noise)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSessionThatAMemberTellsOfIsOneMoreHereUnlessItIsOnesOwn() {
        SelfIdentity identity = new SelfIdentity(A, "a", new Session(1));
        identity.heard(new Session(4));
        assertThat(identity.now().session()).as("the disk is an older copy").isEqualTo(5);
        identity.heard(new Session(2));
        assertThat(identity.now().session()).as("it never falls").isEqualTo(5);
        identity.claims(new Session(5));
        identity.heard(new Session(5));
        assertThat(identity.now().session()).as("its own claim").isEqualTo(5);
        identity.heard(new Session(6));
        assertThat(identity.now().session()).isEqualTo(7);
    }
}
