// Asks again and again, but not while nobody looks, and more slowly while nobody answers.

/**
 * Call `ask` (async) every `seconds`; it returns false to stop, or a number of seconds until the
 * next time. An error doubles the pause up to a minute; being signed out (401) stops.
 * Returns {stop(), now()}: end it, or ask at once.
 */
export function poll(ask, seconds) {
  let timer = 0;
  let stopped = false;
  let asking = false;
  let failures = 0;

  const plan = (pause) => {
    clearTimeout(timer);
    if (!stopped && !document.hidden) timer = setTimeout(run, pause * 1000);
  };

  async function run() {
    if (stopped || asking) return;
    asking = true;
    let pause = seconds;
    try {
      const answer = await ask();
      failures = 0;
      if (answer === false) stop();
      if (typeof answer === "number") pause = answer;
    } catch (error) {
      failures += 1;
      if (error.status === 401) stop();
      pause = Math.min(60, seconds * 2 ** failures);
      console.warn(error);
    } finally {
      asking = false;
    }
    plan(pause);
  }

  const onVisibility = () => (document.hidden ? clearTimeout(timer) : run());
  function stop() {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisibility);
  }

  document.addEventListener("visibilitychange", onVisibility);
  plan(seconds);
  return { stop, now: run };
}
