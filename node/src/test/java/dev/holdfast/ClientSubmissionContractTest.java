package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The same contract, through a client. */
class ClientSubmissionContractTest extends SubmissionContractTest {

    @Override
    HoldfastInstance userOf(HoldfastInstance started, Config config) {
        return new ClientOfNode(started, config);
    }

    /** What the client sees itself it refuses itself; how large a task may be the member decides. */
    @Override
    @Test
    void whatCanNotBeStoredIsRefusedWithAReason() {
        Object notSerializable = new Object();
        assertThatThrownBy(() -> service().submit(() -> notSerializable.toString()))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("task.captured[0]");
        start(config -> config.getSerializationConfig().addAllowedClasses("com.acme.**"));
        assertThatThrownBy(() -> service().submit(new Job("x")))
                .isInstanceOf(TaskNotAllowedException.class)
                .has(code(ErrorCode.CLASS_NOT_ALLOWED));
        start(config -> config.setMaxPayload(65_536));
        assertThatThrownBy(() -> service().submit(new Job("x".repeat(100_000))))
                .isInstanceOf(RejectedExecutionException.class)
                .has(code(ErrorCode.TASK_TOO_LARGE))
                .hasMessageContaining("max-payload=65536");
        assertThat(service().tasks(TaskQuery.all())).isEmpty();
    }
}
