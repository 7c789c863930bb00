package com.example.reports;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.TaskOptions;
import java.net.URI;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SubmitController {

    private final DurableExecutorService reports;

    SubmitController(DurableExecutorService reports) {
        this.reports = reports;
    }

    /** When the answer is sent, the task is stored. Asked again for the same month, it gives the same task. */
    @PostMapping("/reports/{month}")
    ResponseEntity<String> submit(@PathVariable String month) {
        long taskId = reports.submit(
                        new RenderReport(month), TaskOptions.create().idempotencyKey(month))
                .getTaskId();
        return ResponseEntity.accepted().location(URI.create("/results/" + taskId)).body(taskId + "\n");
    }
}
