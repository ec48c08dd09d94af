// A line that follows the pointer, and the numbers of the windows beneath it.
(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const svg = document.getElementById('timeline');
  const cursor = document.getElementById('cursor');
  const tip = document.getElementById('tip');
  const left = Number(svg.dataset.left);
  const right = Number(svg.dataset.right);
  const seconds = Number(svg.dataset.seconds);
  const millis = value => value === null ? 'none' : value >= 1000
    ? (value / 1000).toPrecision(3) + ' s' : value.toPrecision(3) + ' ms';

  function leave() {
    cursor.style.visibility = 'hidden';
    tip.hidden = true;
  }

  svg.addEventListener('mouseleave', leave);
  svg.addEventListener('mousemove', event => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    const time = (x - left) / (right - left) * seconds;
    if (time < 0 || time > seconds) {
      leave();
      return;
    }
    const lines = [time.toFixed(1) + ' s'];
    for (const step of report.steps) {
      if (time >= step.from && time <= step.to) {
        lines.push('step ' + step.step);
      }
    }
    for (const workload of report.workloads) {
      const window = workload.windows[Math.floor(time / workload.window)];
      if (window) {
        lines.push(workload.name + ': median ' + millis(window.p50) + ', p99 ' + millis(window.p99)
          + ', ' + window.errors + ' of ' + window.requests + ' failed');
      }
    }
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    cursor.style.visibility = 'visible';
    tip.textContent = lines.join('\n');
    tip.hidden = false;
    const offset = event.clientX - box.left;
    tip.style.left = (offset > box.width / 2 ? offset - tip.offsetWidth - 14 : offset + 14) + 'px';
    tip.style.top = (event.clientY - box.top + 12) + 'px';
  });
})();
