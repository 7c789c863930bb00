package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The rows of the README's table, each with what to do instead. */
@SuppressWarnings("FutureReturnValueIgnored") // what is refused
class WhatYouCannotPassTest extends NodeFixture {

    /** Stands for a service of the application: a connection, a repository, a client. */
    private static final class Mailer {
        String send(String text) {
            return "sent " + text;
        }
    }

    private final Mailer mailer = new Mailer();
    private final String prefix = "dear";

    @Test
    void aCompletableFuturesWrapperAndWhatSpringsAsyncSubmits() throws Exception {
        Supplier<String> work = () -> "done";
        isRefused(() -> CompletableFuture.supplyAsync(work, service()), "CompletableFuture$AsyncSupply");
        isRefused(() -> CompletableFuture.runAsync(() -> {}, service()), "CompletableFuture$AsyncRun");
        // a stage that follows another does not throw: it has failed
        assertThatThrownBy(() -> CompletableFuture.completedFuture(1)
                        .thenApplyAsync(n -> n + 1, service())
                        .get(10, SECONDS))
                .cause()
                .isInstanceOf(TaskNotSerializableException.class)
                .has(code(ErrorCode.TASK_NOT_SERIALIZABLE));
        // what an AsyncTaskExecutor is given for an @Async method: a callable, not serialisable, around the invocation
        Callable<Object> invocation = work::get;
        isRefused(() -> service().submit(invocation), "task is not Serializable");
        isRefused(() -> service().execute(new FutureTask<>(invocation)), "FutureTask");

        CompletableFuture<String> instead = service().submit(() -> "done").toCompletableFuture();
        assertThat(instead.get(10, SECONDS)).isEqualTo("done");
    }

    @Test
    void aLambdaThatIsTypedAsAPlainCallable() throws Exception {
        Callable<String> plain = () -> "plain";
        isRefused(() -> service().submit(plain), "DurableCallable");
        Runnable plainToo = () -> {};
        isRefused(() -> service().execute(plainToo), "DurableRunnable");
        isRefused(() -> service().submit(Executors.callable(plainToo)), "Executors$RunnableAdapter");

        DurableCallable<String> typed = () -> "typed";
        assertThat(service().submit(typed).get(10, SECONDS)).isEqualTo("typed");
        assertThat(service().submit(() -> "at once").get(10, SECONDS)).isEqualTo("at once");
    }

    @Test
    void whatCapturesAServiceOrThis() throws Exception {
        Mailer captured = mailer;
        isRefused(() -> service().submit(() -> captured.send("x")), "captured");
        isRefused(() -> service().submit(() -> prefix + " reader"), "captures 'this'");
        isRefused(
                () -> service().submit(new DurableCallable<String>() {
                    @Override
                    public String call() {
                        return prefix;
                    }
                }),
                "enclosing instance");

        start(config -> config.getUserContext().put("mailer", mailer));
        String copied = prefix;
        assertThat(service().submit(() -> mailerOfTheNode().send(copied)).get(10, SECONDS))
                .isEqualTo("sent dear");
    }

    private static Mailer mailerOfTheNode() {
        return (Mailer)
                Objects.requireNonNull(TaskContext.current().userContext().get("mailer"));
    }

    @Test
    void streamsThreadsAndWhatElseIsAliveOnlyHere() throws Exception {
        InputStream in = new ByteArrayInputStream(new byte[] {1});
        isRefused(() -> service().submit(() -> in.read()), "ByteArrayInputStream");
        Stream<String> stream = Stream.of("a");
        isRefused(() -> service().submit(() -> stream.count()), "captured");
        Thread thread = Thread.currentThread();
        isRefused(() -> service().submit(() -> thread.getName()), "java.lang.Thread");

        byte[] content = {1, 2};
        assertThat(service().submit(() -> content.length).get(10, SECONDS)).isEqualTo(2);
    }

    @Test
    void whatIsTooLarge() throws Exception {
        start(config -> config.setMaxPayload(64 * 1024));
        String large = "x".repeat(100_000);
        assertThatThrownBy(() -> service().submit(() -> large.length()))
                .isInstanceOf(TaskNotSerializableException.class)
                .has(code(ErrorCode.TASK_TOO_LARGE));
        assertThatThrownBy(() -> service().submit(() -> "x".repeat(100_000)).get(10, SECONDS))
                .cause()
                .has(code(ErrorCode.RESULT_NOT_STORABLE));

        Map<String, String> elsewhere = Map.of("large", large);
        start(config -> config.setMaxPayload(64 * 1024).getUserContext().putAll(elsewhere));
        assertThat(service().submit(() -> lengthOf("large")).get(10, SECONDS)).isEqualTo(100_000);
    }

    private static int lengthOf(String name) {
        return String.valueOf(TaskContext.current().userContext().get(name)).length();
    }

    private void isRefused(ThrowingCallable call, String named) {
        assertThatThrownBy(call)
                .isInstanceOf(TaskNotSerializableException.class)
                .has(code(ErrorCode.TASK_NOT_SERIALIZABLE))
                .hasMessageContaining(named);
        assertThat(service().getStats().pending()).as("nothing was stored").isZero();
    }
}
