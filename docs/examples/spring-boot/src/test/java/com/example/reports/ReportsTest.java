package com.example.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.TaskState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class ReportsTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @TempDir
    Path data;

    @Test
    void aReportIsSubmittedAndShown() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        try (ConfigurableApplicationContext context = open(WebApplicationType.SERVLET, "0s")) {
            URI server = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
            HttpRequest submit = HttpRequest.newBuilder(server.resolve("/reports/2026-11"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<String> stored = client.send(submit, BodyHandlers.ofString());
            assertThat(stored.statusCode()).isEqualTo(202);
            assertThat(client.send(submit, BodyHandlers.ofString()).body())
                    .as("the same month is the same task")
                    .isEqualTo(stored.body());

            String place = stored.headers().firstValue("Location").orElseThrow();
            HttpRequest show = HttpRequest.newBuilder(server.resolve(place)).build();
            await().atMost(LONG_ENOUGH)
                    .until(() -> client.send(show, BodyHandlers.ofString()).statusCode() == 200);
            assertThat(client.send(show, BodyHandlers.ofString()).body()).startsWith("Report of 2026-11, ");
            HttpRequest nothing =
                    HttpRequest.newBuilder(server.resolve("/results/4711")).build();
            assertThat(client.send(nothing, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void closingTheContextShutsNothingDownForGood() throws Exception {
        long first;
        try (ConfigurableApplicationContext context = open(WebApplicationType.NONE, "0s")) {
            DurableExecutorService reports = context.getBean(DurableExecutorService.class);
            first = reports.submit(new RenderReport("2026-10")).getTaskId();
            assertThat(reports.<String>retrieveResult(first).get()).startsWith("Report of 2026-10, ");
        }
        try (ConfigurableApplicationContext context = open(WebApplicationType.NONE, "0s")) {
            DurableExecutorService reports = context.getBean(DurableExecutorService.class);
            assertThat(reports.isShutdown()).isFalse();
            assertThat(reports.<String>retrieveResult(first).get()).startsWith("Report of 2026-10, ");
            assertThat(reports.submit(new RenderReport("2026-11")).get()).startsWith("Report of 2026-11, ");
            assertThat(context.containsBean("applicationTaskExecutor"))
                    .as("Spring Boot's own executor is there too")
                    .isTrue();
        }
    }

    @Test
    void aTaskThatACloseInterruptedRunsAgainWithTheBeansOfTheNextContext() throws Exception {
        long taskId;
        try (ConfigurableApplicationContext context = open(WebApplicationType.NONE, "1h")) {
            DurableExecutorService reports = context.getBean(DurableExecutorService.class);
            taskId = reports.submit(new RenderReport("2026-11")).getTaskId();
            await().atMost(LONG_ENOUGH)
                    .until(() -> reports.getTask(taskId).orElseThrow().state() == TaskState.RUNNING);
        }
        try (ConfigurableApplicationContext context = open(WebApplicationType.NONE, "0s")) {
            DurableExecutorService reports = context.getBean(DurableExecutorService.class);
            assertThat(reports.<String>retrieveResult(taskId).get()).startsWith("Report of 2026-11, ");
        }
    }

    /** A runner is called when the context is complete and before it is said to be ready. */
    @Test
    void nothingRunsBeforeTheContextIsReady() throws Exception {
        AtomicReference<TaskState> before = new AtomicReference<>();
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ReportsApplication.class)
                .web(WebApplicationType.NONE)
                .initializers(starting -> starting.getBeanFactory()
                        .registerSingleton("early", (ApplicationRunner) arguments -> {
                            DurableExecutorService reports = starting.getBean(DurableExecutorService.class);
                            long taskId = reports.submit(new RenderReport("2026-11")).getTaskId();
                            before.set(reports.getTask(taskId).orElseThrow().state());
                        }))
                .run(arguments("0s"))) {
            DurableExecutorService reports = context.getBean(DurableExecutorService.class);
            assertThat(before).hasValue(TaskState.PENDING);
            await().atMost(LONG_ENOUGH).until(() -> reports.getStats().completed() == 1);
        }
    }

    private ConfigurableApplicationContext open(WebApplicationType type, String timePerReport) {
        return new SpringApplicationBuilder(ReportsApplication.class).web(type).run(arguments(timePerReport));
    }

    private String[] arguments(String timePerReport) {
        return new String[] {
            "--server.port=0",
            "--reports.data=" + data,
            "--reports.time-per-report=" + timePerReport,
            "--reports.shutdown-grace=100ms"
        };
    }
}
