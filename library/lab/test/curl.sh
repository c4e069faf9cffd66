#!/usr/bin/env bash
# Every route of the main job by curl, against a real service process on a unix socket.
set -u
cd "$(dirname "$0")/../../.."
work=$(mktemp -d /tmp/assay-curl-XXXXXX)
chmod 755 "$work" # as root, the user postgres must pass
export ASSAY_HOME="$work/home" ASSAY_WORKERS=1 ASSAY_LAG_MS=600000
node=$(ls node_modules/node-*/bin/node 2>/dev/null | head -1)
node=${node:-node}
socket="$work/s"
passed=0
failed=0
"$node" library/lab/bin/assay.mjs serve --socket "$socket" >"$work/log" 2>&1 &
service=$!
finish() {
  kill -TERM "$service" 2>/dev/null
  wait "$service" 2>/dev/null
  "$node" library/lab/bin/assay.mjs db stop --if-unused >/dev/null 2>&1
  rm -rf "$work"
}
trap finish EXIT
limit=300 # seconds after which something is taken for stuck
hears() { curl -s --unix-socket "$socket" http://assay/health >/dev/null; } # the socket's file is there before anybody listens
until hears || [ $SECONDS -gt $limit ] || ! kill -0 "$service" 2>/dev/null; do sleep 0.1; done
hears || { cat "$work/log"; echo "0 passed, 1 failed"; exit 1; }

# ask METHOD PATH [BODY] [curl options…] → the answer in $answer, its status in $code
ask() {
  local method=$1 path=$2 body=${3-}
  shift $(($# < 3 ? $# : 3))
  answer=$(curl -sS --unix-socket "$socket" -X "$method" -H 'X-Assay: 1' ${body:+-H 'Content-Type: application/json' -d "$body"} -w '\n%{http_code}' "$@" "http://assay$path")
  code=${answer##*$'\n'}
  answer=${answer%$'\n'*}
}
# expect NAME CODE [JavaScript condition on the answer `a`]
expect() {
  local name=$1 wanted=$2 condition=${3-true}
  if [ "$code" = "$wanted" ] && printf '%s' "$answer" | "$node" -e "const text = require('fs').readFileSync(0, 'utf8'); let a; try { a = JSON.parse(text) } catch { a = text } process.exit(($condition) ? 0 : 1)"; then
    passed=$((passed + 1)); echo "ok   $name"
  else
    failed=$((failed + 1)); echo "FAIL $name: $code ${answer:0:600}"
  fi
}
field() { printf '%s' "$answer" | "$node" -p "const a = JSON.parse(require('fs').readFileSync(0, 'utf8')); $1"; }
# await JOB: asks for a job until it has ended
await() {
  local last=$((SECONDS + limit))
  while ask GET "/api/ml/jobs/$1"; [ $SECONDS -lt $last ]; do
    case "$(field a.job.job_status)" in completed | failed | cancelled) return ;; esac
    sleep 0.2
  done
}
# a small table: two columns decide the class, one cell is missing
"$node" -e 'console.log("size,weight,colour,kind"); for (let i = 0; i < 120; i++) console.log([i % 7 + 0.5, i === 3 ? "" : (i * 5) % 11, ["red", "blue"][i % 2], i % 7 > 3 ? "large" : "small"].join(","))' >"$work/things.csv"
printf 'a,b\n1,2\n3\n' >"$work/ragged.csv"

ask GET /health; expect "GET /health" 200 'a.status === "success"'
ask GET /ready; expect "GET /ready" 200 'a.database === "up"'
ask POST /api/ml/datasets/upload "" -F "file=@$work/things.csv" -F name=things; expect "POST datasets/upload" 200 'a.rows === 120 && a.missing_values.weight === 1'
ask POST /api/ml/datasets/upload "" -F "file=@$work/ragged.csv"; expect "a ragged file is refused with its line" 422 'a.detail.includes("line 3 has 1 field, the header 2")'
ask POST /api/ml/datasets/upload "" -F "file=@$work/things.csv" -F name=things; expect "a taken name is refused" 409
ask GET '/api/ml/datasets'; expect "GET datasets" 200 'a.items.some((d) => d.name === "things" && d.processing_status === "ready")'
ask GET /api/ml/datasets/things; expect "GET datasets/{id}" 200 'a.dataset.column_info.length === 4'
ask GET '/api/ml/datasets/things/preview?limit=2'; expect "GET datasets/{id}/preview" 200 'a.rows.length === 2 && a.total_rows === 120'
ask GET '/api/ml/datasets/things/profile?target=kind'; expect "GET datasets/{id}/profile" 200 'typeof a.profile === "object"'
ask PATCH /api/ml/datasets/things '{"target_column":"kind","description":"small"}'; expect "PATCH datasets/{id}" 200 'a.dataset.target_column === "kind"'
ask POST /api/ml/datasets/upload "" -F name=things -F new_version=true -F header=true -F 'missing=,blue' -F "file=@$work/things.csv"; expect "POST datasets/upload adds a version, read as asked" 200 'a.version === 2 && a.missing_values.colour === 60'
ask GET /api/ml/datasets/things/versions; expect "GET datasets/{id}/versions" 200 'a.items.length === 2 && a.items[0].parent === 1 && a.items[0].created_by'
ask GET '/api/ml/datasets/things/versions/1/diff?to=2'; expect "GET datasets/{id}/versions/{n}/diff" 200 'a.diff.columns.find((c) => c.name === "colour").change === "changed" && a.diff.columns.find((c) => c.name === "size").psi === 0'
ask POST /api/ml/datasets/things/versions/1/restore; expect "POST datasets/{id}/versions/{n}/restore" 200 'a.dataset.version === 3 && a.dataset.versions[0].restored === 1'
ask GET /api/ml/data/steps; expect "GET data/steps" 200 'a.items.some((s) => s.step === "impute" && s.schema.properties.strategy.default === "median")'
ask POST /api/ml/data/preview '{"dataset_id":"things","steps":[{"step":"impute"}]}'; expect "POST data/preview" 200 'a.preview.rows_touched === 1 && a.preview.columns[0].after.missing === 0'
ask POST /api/ml/data/preview '{"dataset_id":"things","steps":[{"step":"filter","where":"read_text(chr(47))"}]}'; expect "a step reads no file" 422
ask POST /api/ml/data/cell '{"dataset_id":"things","steps":[{"step":"impute"}]}'; expect "POST data/cell" 200 'a.code.includes("things@3")'
ask POST /api/ml/data/transform '{"dataset_id":"things","steps":[{"step":"derive","name":"ratio","sql":"size / (weight + 1)"}]}'; expect "POST data/transform" 200 'a.version === 4 && a.rows === 120'
ask POST /api/ml/data/clean '{"dataset_id":"things","missing_strategy":"drop","outlier_method":"zscore","outlier_action":"clip"}'; expect "POST data/clean" 200 'a.original_rows === 120 && a.cleaned_rows === 119 && a.cleaned_dataset_id.endsWith("@5")'
ask POST /api/ml/data/transform '{"dataset_id":"things@3","recipe_of":"things@4"}'; expect "POST data/transform replays a version's steps" 200 'a.version === 6'
ask POST /api/ml/datasets/things/versions/3/restore; expect "a version before the steps is restored" 200 'a.dataset.version === 7'
ask POST /api/ml/data/split '{"dataset_id":"things","target_column":"kind","stratify":true,"test_size":0.25,"validation_size":0.25,"seed":1}'; expect "POST data/split" 200 'a.train_samples === 60 && a.validation_samples === 30 && a.test_samples === 30'
split=$(field a.split_id)
ask GET /api/ml/datasets/things/splits; expect "GET datasets/{id}/splits" 200 'a.items.length === 1 && a.items[0].dataset === "things@7"'
ask GET "/api/ml/data/splits/$split"; expect "GET data/splits/{id}" 200 'a.split.recipe.stratify === "kind"'
ask GET "/api/ml/data/splits/$split/indices"; expect "GET data/splits/{id}/indices" 200 'new Set([...a.train, ...a.validation, ...a.test]).size === 120'
ask POST /api/ml/datasets/things/charts '{"name":"sizes","type":"histogram","configuration":{"column":"size","by":"kind"}}'; expect "POST datasets/{id}/charts" 201 'a.chart.configuration.bins === 30'
chart=$(field a.chart.chart_id)
ask GET /api/ml/datasets/things/charts; expect "GET datasets/{id}/charts" 200 'a.items[0].name === "sizes"'
ask GET "/api/ml/datasets/things/charts/$chart/figure"; expect "GET datasets/{id}/charts/{chart_id}/figure" 200 'a.figure.data.length === 2 && a.version === 7'
ask POST /api/ml/datasets/things/figure '{"type":"missing","configuration":{}}'; expect "POST datasets/{id}/figure" 200 'a.figure.data[0].x.length === 4'
ask POST /api/ml/datasets/things/figure '{"type":"pie","configuration":{}}'; expect "a chart of no known type is refused" 400
ask DELETE "/api/ml/datasets/things/charts/$chart"; expect "DELETE datasets/{id}/charts/{chart_id}" 200
ask GET '/api/ml/datasets/things/export?format=spreadsheet'; expect "GET datasets/{id}/export" 200 'a.includes("size,weight,colour,kind")'
ask GET /api/ml/storage; expect "GET storage" 200 'a.used_bytes > 0 && a.quota_bytes === null'
ask PUT /api/ml/storage '{"quota_bytes":100000000}'; expect "PUT storage" 200 'a.quota_bytes === 100000000 && a.used_bytes > 0'
ask PUT /api/ml/storage '{"quota_bytes":-1}'; expect "a quota below nothing is refused" 400 'a.field === "quota_bytes"'
ask PUT /api/ml/storage '{"quota_bytes":null}'; expect "PUT storage without a bound" 200 'a.quota_bytes === null'
ask GET /api/ml/datasets/thing; expect "an unknown dataset is answered with the near name" 404 'a.detail.includes("did you mean things")'
ask POST /api/ml/data/select-features '{"dataset_id":"things","target_column":"kind","method":"mutual_info","n_features":1}'; expect "POST data/select-features" 200 'a.selected_features.length === 1 && a.feature_importance.length === 3'
ask POST /api/ml/models/compare '{"dataset_id":"things","target_column":"kind","models":["decision_tree"],"cv":3}'; expect "POST models/compare" 200 'a.comparison.length === 2 && a.comparison[0].baseline && a.comparison[1].run_id'
ask POST /api/ml/models/compare '{"dataset_id":"things","target_column":"kind","models":["decision_tre"]}'; expect "POST models/compare names the near model" 400 'a.field === "models" && a.detail.includes("decision_tree")'
ask POST /api/ml/models/cross-validate '{"dataset_id":"things","target_column":"kind","algorithm":"decision_tree","cv":3}'; expect "POST models/cross-validate" 200 'a.metrics.some((m) => m.name === "accuracy" && m.folds.length === 3)'
ask POST /api/ml/models/learning-curve '{"dataset_id":"things","target_column":"kind","algorithm":"decision_tree","cv":3,"sizes":[0.5,1]}'; expect "POST models/learning-curve" 200 'a.rows.length === 2 && a.figure.data.length > 0'
ask GET '/api/ml/algorithms?task_type=classification'; expect "GET algorithms" 200 'a.items.some((x) => x.name === "random_forest")'
ask GET '/api/ml/algorithms/random_forest/params?task_type=classification'; expect "GET algorithms/{name}/params" 200 'a.schema.properties.n_estimators.default === 100 && a.space.n_estimators.type === "int"'
ask GET /ml/algorithms; expect "GET /ml/algorithms answers as its twin" 200 'a.items.length > 3'
ask POST /api/ml/validate-features '{"dataset_id":"things","target_column":"kind","feature_columns":["size","nothing"],"algorithm":"ridge","task_type":"regression"}'; expect "POST validate-features" 200 'a.valid === false && a.problems.every((p) => p.remedy)'
ask POST /api/ml/views '{"kind":"experiments","name":"best","content":{"sort":"-metrics.test.accuracy"}}'; expect "POST views" 201 'a.view.content.sort === "-metrics.test.accuracy"'
view=$(field a.view.id)
ask POST /api/ml/views '{"kind":"experiments","name":"best","content":{}}'; expect "a view is not replaced unasked" 409 'a.field === "name"'
ask GET '/api/ml/views?kind=experiments'; expect "GET views" 200 'a.items.length === 1'
ask GET "/api/ml/views/$view"; expect "GET views/{id}" 200 'a.view.name === "best"'
ask DELETE "/api/ml/views/$view"; expect "DELETE views/{id}" 200
ask POST /api/ml/templates '{"kind":"training","name":"forest","content":{"algorithm":"random_forest"}}'; expect "POST templates" 201
ask GET /api/ml/templates; expect "GET templates" 200 'a.items[0].content.algorithm === "random_forest"'
ask POST /api/ml/experiments/create '{"name":"curl","dataset_id":"things","target_column":"kind","algorithm":"random_forst"}'; expect "an unknown algorithm is refused with the near name" 400 'a.detail.includes("did you mean random_forest")'
ask POST /api/ml/experiments/create '{"name":"curl","dataset_id":"things","target_column":"kind","algorithm":"random_forest","hyperparameters":{"alhpa":1}}'; expect "an unknown hyperparameter is refused" 400 'a.field === "hyperparameters.alhpa"'
ask POST /api/ml/experiments/create '{"name":"curl","dataset_id":"things","target_column":"kind"}'; expect "a missing field is named" 400 'a.field === "algorithm"'
ask POST /api/ml/experiments/create '{"name":'; expect "a body that is no JSON is refused" 400
ask POST /api/ml/experiments/create '{"name":"curl","dataset_id":"things","target_column":"kind","algorithm":"random_forest","hyperparameters":{"n_estimators":20}}'; expect "POST experiments/create" 202 'a.job_id'
first=$(field a.experiment_id); job=$(field a.job_id)
events=$(curl -sS -N --max-time $limit --unix-socket "$socket" "http://assay/api/ml/experiments/$first/events")
answer=$(printf '%s' "$events" | "$node" -e 'console.log(JSON.stringify(require("fs").readFileSync(0, "utf8").split("\n").filter((l) => l.startsWith("data: ")).map((l) => JSON.parse(l.slice(6)))))'); code=200
expect "GET experiments/{id}/events streams to the end of the run" 200 'a.some((e) => e.kind === "metrics") && a.at(-1).run_status === "completed"'
ask GET "/api/ml/experiments/$first"; expect "GET experiments/{id}" 200 'a.experiment.status === "completed" && a.experiment.hyperparameters.n_estimators === 20 && a.experiment.evaluation.figures.length > 2'
ask GET "/api/ml/experiments/$first/metrics"; expect "GET experiments/{id}/metrics" 200 'a.series.some((s) => s.name === "accuracy" && s.split === "test")'
ask GET "/api/ml/experiments/$first/logs"; expect "GET experiments/{id}/logs" 200 'a.items.length > 2'
ask GET "/api/ml/jobs/$job"; expect "GET jobs/{id}" 200 'a.job.job_status === "completed"'
ask GET /api/ml/jobs; expect "GET jobs" 200 'a.items.length >= 1'
ask GET "/api/ml/jobs/$job/logs"; expect "GET jobs/{id}/logs" 200 'a.items.some((l) => l.message.startsWith("model saved"))'
ask POST "/api/ml/jobs/$job/retry"; expect "a completed job is not retried" 409
ask POST /api/ml/jobs '{"kind":"train","priority":5,"request":{"dataset_id":"things","target_column":"kind","algorithm":"dummy"}}' -H 'Idempotency-Key: one'; expect "POST jobs" 202 'a.job_id && a.run_id'
sent=$(field a.job_id)
ask POST /api/ml/jobs '{"kind":"train","priority":5,"request":{"dataset_id":"things","target_column":"kind","algorithm":"dummy"}}' -H 'Idempotency-Key: one'; expect "POST jobs again under its key" 202 "a.job_id === '$sent'"
ask POST /api/ml/jobs '{"kind":"trian","request":{}}'; expect "a job of no known kind is refused" 404 'a.detail.includes("did you mean train")'
ask GET '/api/ml/jobs?dead=true'; expect "GET jobs?dead=true" 200 'a.items.length === 0'
ask POST /api/ml/schedules '{"name":"nightly","cron":"0 3 * * *","timezone":"Europe/Berlin","kind":"train","request":{"dataset_id":"things","target_column":"kind","algorithm":"dummy"}}'; expect "POST schedules" 201 'a.schedule.next_at'
schedule=$(field a.schedule.schedule_id)
ask GET /api/ml/schedules; expect "GET schedules" 200 'a.items[0].name === "nightly"'
ask PATCH "/api/ml/schedules/$schedule" '{"paused":true}'; expect "PATCH schedules/{id}" 200 'a.schedule.paused && a.schedule.next_at === null'
ask DELETE "/api/ml/schedules/$schedule"; expect "DELETE schedules/{id}" 200
ask POST /api/ml/models/train '{"dataset_id":"things","target_column":"weight","algorithm":"ridge","experiment":"curl","cv_folds":3}'; expect "POST models/train" 202
second=$(field a.experiment_id); job2=$(field a.job_id)
curl -sS -N --max-time $limit --unix-socket "$socket" "http://assay/api/ml/experiments/$second/events" >/dev/null
ask GET "/api/ml/models/train/$job2"; expect "GET models/train/{job_id}" 200 'a.job.job_status === "completed" && a.job.results.metrics["cv_mean.r2"] !== undefined'
ask GET "/api/ml/experiments/list?experiment=curl&sort=-created_at&filter=status%20%3D%20%27completed%27"; expect "GET experiments/list sorts and filters" 200 'a.items.length === 2'
ask GET "/api/ml/experiments/list?filter=statsu%20%3D%201"; expect "a filter on an unknown field is refused" 400 'a.detail.includes("did you mean status")'
ask POST /api/ml/models/train "{\"dataset_id\":\"things\",\"target_column\":\"kind\",\"algorithm\":\"dummy\",\"split_id\":\"$split\",\"experiment\":\"split\"}"; expect "POST models/train with a saved split" 202
splitrun=$(field a.experiment_id)
curl -sS -N --max-time $limit --unix-socket "$socket" "http://assay/api/ml/experiments/$splitrun/events" >/dev/null
ask GET "/api/ml/experiments/$splitrun"; expect "a run with a saved split names it" 200 'a.experiment.split.recipe.split_id && a.experiment.dataset === "things@7"'
ask POST "/api/ml/experiments/$splitrun/evaluate" "{\"split_id\":\"$split\",\"part\":\"validation\"}"; expect "POST experiments/{id}/evaluate on a saved split" 200 'a.evaluation.metrics.accuracy > 0'
ask POST "/api/ml/experiments/$splitrun/evaluate" '{}'; expect "an evaluation without rows is refused" 400
ask DELETE "/api/ml/experiments/$splitrun"; expect "DELETE experiments/{id}" 200
ask POST /api/ml/experiments/compare "{\"ids\":[\"$first\",\"$second\"]}"; expect "POST experiments/compare" 200 'a.params.some((p) => p.name === "algorithm" && p.differs)'
ask POST /api/ml/experiments/compare "{\"ids\":[\"$first\",\"$second\"]}" -H 'Accept: text/csv'; expect "compare as CSV" 200 'a.includes("algorithm,random_forest,ridge")'
ask POST "/api/ml/experiments/compare?format=html" "{\"filter\":\"status = 'completed'\"}"; expect "compare what a filter finds, as HTML" 200 'a.includes("<h1>Comparison of")'
ask GET "/api/ml/experiments/$first/report"; expect "GET experiments/{id}/report" 200 'a.includes("How to make it again") && !a.includes("<script")'
ask GET "/api/ml/experiments/$first/report?format=pdf"; expect "a report as PDF" 200 'a.startsWith("%PDF-")'
ask GET /api/ml/datasets/things/report; expect "GET datasets/{id}/report" 200 'a.includes("Distributions")'
printf '%s\n' '{"op_code": 0, "study_name": "other", "directions": [1]}' '{"op_code": 4, "study_id": 0, "datetime_start": null}' >"$work/journal.log"
ask POST /api/ml/import "" -F source=optuna -F "file=@$work/journal.log"; expect "POST import of an Optuna journal" 200 'a.import.counts.studies === 1 && a.import.counts.trials === 1'
ask POST /api/ml/import "" -F source=mlflow -F "file=@$work/journal.log"; expect "an import of another kind is refused" 422 'a.detail.includes("must be a .zip")'
ask POST "/api/ml/experiments/$first/predict" '{"features":{"size":6.5,"weight":2,"colour":"red"}}'; expect "POST experiments/{id}/predict" 200 'a.prediction[0] === "large"'
ask POST /api/ml/models/deploy "{\"experiment_id\":\"$first\",\"model_name\":\"things\"}"; expect "POST models/deploy" 201 'a.model.version === "1.0.0" && a.model.version_status === "staged"'
model=$(field a.model_id)
ask POST /api/ml/models/deploy "{\"training_job_id\":\"$job\",\"model_name\":\"things\",\"version\":\"1.0.0\"}"; expect "a version that is there is refused" 409
ask POST "/api/ml/models/$model/promote" '{"reason":"good"}'; expect "POST models/{id}/promote" 200 'a.model.version_status === "production"'
ask POST /api/ml/models/predict '{"model_id":"things@production","features":[{"size":0.5,"weight":1,"colour":"red"},{"size":6.5,"weight":1,"colour":"green"}]}'; expect "POST models/predict" 200 'a.prediction.join() === "small,large" && a.prediction_proba.length === 2 && a.warnings.length === 1'
ask POST /api/ml/models/predict '{"model_id":"things","features":{"size":"big","weight":1,"colour":"red"}}'; expect "a wrong field is named with its value" 422 'a.field === "features.size" && a.value === "big"'
ask GET /api/ml/models/deployed; expect "GET models/deployed" 200 'a.items.length === 1'
ask GET /api/ml/models/things/versions; expect "GET models/{name}/versions" 200 'a.items[0].version === "1.0.0"'
ask POST "/api/ml/models/$model/demote" '{}'; expect "POST models/{id}/demote" 200 'a.model.version_status === "staged"'
ask POST '/api/ml/models/things/rollback?to_version=1.0.0' '{}'; expect "POST models/{name}/rollback" 200 'a.model.version_status === "production"'
ask POST "/api/ml/models/$model/archive" '{}'; expect "POST models/{id}/archive" 200 'a.model.version_status === "archived"'
ask POST "/api/ml/models/$model/promote" '{"expected_production":"9.9.9"}'; expect "a promotion that expects another in production is refused" 409 'a.detail.includes("expected things@9.9.9 in production")'
ask PUT /api/ml/models/things/aliases/champion '{"version":"1.0.0"}'; expect "PUT models/{name}/aliases/{alias}" 200 'a.alias.version === "1.0.0"'
ask GET /api/ml/models/things/aliases; expect "GET models/{name}/aliases" 200 'a.items.length === 1'
ask PATCH /api/ml/models/things/settings '{"log":"values","checks":{"metric":"test.accuracy"}}'; expect "PATCH models/{name}/settings" 200 'a.settings.log === "values" && a.settings.retention_days === 90'
ask GET "/api/ml/models/$model/checks"; expect "GET models/{id}/checks" 200 'a.report.passed && a.report.checks.length === 3'
ask POST /api/ml/models/benchmark '{"model_ids":["things@champion"],"dataset_id":"things","latency_calls":10}'; expect "POST models/benchmark" 200 'a.benchmark.items[0].latency_ms.p99 > 0'
ask POST /api/ml/models/predict '{"model_id":"things@champion","features":{"size":0.5,"weight":1,"colour":"red"},"user_id":"ann"}'; expect "POST models/predict by alias" 200 'a.source === "advanced" && a.reason === null'
ask DELETE /api/ml/subjects/ann; expect "DELETE subjects/{user_id}" 200 'a.erased.predictions === 1'
printf 'id,size,weight,colour\n1,0.5,1,red\n2,6.5,1,green\n' >"$work/rows.csv"
ask POST /api/ml/models/things@champion/predict-file "" -F output=csv -F "file=@$work/rows.csv"; expect "POST models/{id}/predict-file" 202
predictions=$(field a.job_id)
await "$predictions"
ask GET "/api/ml/jobs/$predictions/predictions"; expect "GET jobs/{id}/predictions" 200 'a.split("\n")[2].startsWith("2,6.5,1,green,large,")'
ask DELETE "/api/ml/models/$model"; expect "a version that an alias points at is not deleted" 409
ask GET '/api/ml/models/things/audit?limit=2'; expect "GET models/{name}/audit" 200 'a.items.length === 2 && a.items[0].action === "settings" && a.next_cursor'
code=$(curl -sS --unix-socket "$socket" -o "$work/model" -w '%{http_code}' "http://assay/api/ml/experiments/$first/download-model"); answer=$(wc -c <"$work/model"); expect "GET experiments/{id}/download-model" 200 'Number(a) > 1000'
ask POST /api/ml/runs '{"experiment":"outside","name":"by curl","params":{"lr":0.1}}'; expect "POST runs" 201 'a.run_status === "training"'
run=$(field a.run_id)
ask POST "/api/ml/runs/$run/metrics" '{"metrics":[{"name":"loss","step":0,"value":1},{"name":"loss","step":1,"value":"NaN"}]}'; expect "POST runs/{id}/metrics" 200
ask POST "/api/ml/runs/$run/params" '{"params":{"depth":3}}'; expect "POST runs/{id}/params" 200
ask POST "/api/ml/runs/$run/tags" '{"tags":{"team":"a"}}'; expect "POST runs/{id}/tags" 200
ask POST "/api/ml/runs/$run/logs" '{"lines":[{"level":"info","message":"hello"}]}'; expect "POST runs/{id}/logs" 200
ask GET "/api/ml/runs/$run/metrics"; expect "GET runs/{id}/metrics keeps NaN" 200 'a.series[0].values.join() === "1,NaN"'
ask GET "/api/ml/runs/$run/logs"; expect "GET runs/{id}/logs" 200 'a.items[0].message === "hello"'
ask POST "/api/ml/runs/$run/batch" '{"metrics":[{"name":"auc","split":"test","value":0.9}],"tags":{"more":"b"},"lines":[{"level":"warn","message":"late"}],"batch_id":"1"}'; expect "POST runs/{id}/batch" 200
ask POST "/api/ml/runs/$run/heartbeat"; expect "POST runs/{id}/heartbeat" 200
ask PATCH "/api/ml/runs/$run" '{"notes":"by hand","dataset":"mine@1"}'; expect "PATCH runs/{id}" 200 'a.experiment.notes === "by hand" && a.experiment.dataset === "mine@1"'
ask POST "/api/ml/runs/$run/artifacts" "" -F name=things.csv -F "file=@$work/things.csv"; expect "POST runs/{id}/artifacts" 201 'a.artifact.content_hash.length === 64'
ask GET "/api/ml/runs/$run/artifacts"; expect "GET runs/{id}/artifacts" 200 'a.items.length === 1'
ask GET "/api/ml/runs/$run/artifacts/things.csv"; expect "GET runs/{id}/artifacts/{name}" 200 'a.startsWith("size,weight")'
ask DELETE "/api/ml/runs/$run/artifacts/things.csv"; expect "DELETE runs/{id}/artifacts/{name}" 200
ask POST /api/ml/runs/tags "{\"ids\":[\"$run\",\"$first\"],\"set\":{\"seen\":\"yes\"}}"; expect "POST runs/tags" 200 'a.runs === 2'
ask GET "/api/ml/runs/groups?by=algorithm&metric=metrics.test.accuracy"; expect "GET runs/groups" 200 'a.groups.some((g) => g.value === "random_forest" && g.max > 0)'
ask GET "/api/ml/runs/columns"; expect "GET runs/columns" 200 'a.metrics.some((m) => m.name === "train.loss") && a.tags.some((t) => t.name === "seen" && t.runs === 2)'
ask POST /api/ml/runs/series "{\"ids\":[\"$run\"],\"names\":[\"test.auc\"]}"; expect "POST runs/series" 200 'a.series[0].values[0] === 0.9'
ask GET "/api/ml/experiments/list?filter=metrics.test.auc.best%20%3E%200.8%20and%20created_at%20%3E%20now%20-%201h"; expect "GET experiments/list by a series' best value, and a time from now" 200 'a.items.length === 1'
ask GET "/api/ml/runs/$first/cell"; expect "GET runs/{id}/cell" 200 'a.code.includes("ml.randomForestClassifier({ nEstimators: 20 })")'
ask POST "/api/ml/runs/$first/replay" '{"wait":true}'; expect "POST runs/{id}/replay" 200 'a.replay.equal && a.replay.differences.length === 0'
ask POST "/api/ml/runs/$first/replay"; expect "POST runs/{id}/replay as a job" 202 'a.job_id'
ask POST "/api/ml/runs/$run/finish" '{}'; expect "POST runs/{id}/finish" 200 'a.experiment.status === "completed" && a.experiment.hyperparameters.depth === 3'
ask POST "/api/ml/runs/$run/finish" '{"run_status":"failed"}'; expect "a run that has ended cannot end again" 409
ask POST /api/ml/experiments/create '{"name":"curl","dataset_id":"things","target_column":"kind","algorithm":"random_forest","hyperparameters":{"n_estimators":100000}}'; expect "a long training is queued" 202
long=$(field a.experiment_id)
for _ in $(seq 100); do ask GET "/api/ml/experiments/$long"; [ "$(field a.experiment.status)" = training ] && break; sleep 0.1; done
ask POST "/api/ml/experiments/$long/cancel"; expect "POST experiments/{id}/cancel" 200 'a.experiment.status === "cancelled"'
ask DELETE "/api/ml/experiments/$second" "" -H 'Content-Type: application/json'; expect "DELETE experiments/{id}, as JupyterLab sends it" 200
ask GET "/api/ml/experiments/$second"; expect "a deleted run is gone" 404
ask POST "/api/ml/experiments/$second/restore"; expect "POST experiments/{id}/restore" 200 'a.experiment.status === "completed"'
ask DELETE "/api/ml/experiments/$second?permanent=true"; expect "DELETE experiments/{id} for good" 200
ask DELETE "/api/ml/data/splits/$split"; expect "DELETE data/splits/{id}" 200
ask DELETE /api/ml/datasets/things; expect "a dataset that runs were made from is kept" 409 'a.detail.includes("runs")'
ask DELETE '/api/ml/datasets/things?force=true'; expect "DELETE datasets/{id}" 200
ask GET /api/openapi.json; expect "GET openapi.json" 200 'a.openapi === "3.1.0" && Object.keys(a.paths).length > 30'
ask GET /api/ml/nothing; expect "an unknown route is a problem" 404 'a.type === "urn:assay:problem:not-found"'
code=$(curl -sS --unix-socket "$socket" -o /dev/null -w '%{http_code}' -X POST -H 'Content-Type: text/plain' -d '{}' http://assay/api/ml/models/predict); answer=; expect "a request without X-Assay changes nothing" 403
code=$(curl -sS --unix-socket "$socket" -o /dev/null -w '%{http_code}' -H 'Origin: http://evil.example' http://assay/api/ml/datasets); answer=; expect "a foreign origin is refused" 403
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
