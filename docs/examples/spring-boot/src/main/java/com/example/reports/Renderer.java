package com.example.reports;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** A service of the application, which cannot be serialised and need not be. */
@Component
class Renderer {

    private final Duration timePerReport;

    Renderer(@Value("${reports.time-per-report}") Duration timePerReport) {
        this.timePerReport = timePerReport;
    }

    String render(String month) throws InterruptedException {
        Thread.sleep(timePerReport.toMillis());
        return "Report of " + month + ", rendered by process "
                + ProcessHandle.current().pid();
    }
}
