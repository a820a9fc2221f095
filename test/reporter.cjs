// Mocha's readable report, and its totals as JSON in the file that MOCHA_JSON names.
const { writeFileSync } = require('node:fs')
const { reporters, Runner } = require('mocha')

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats
      const file = process.env.MOCHA_JSON
      if (file) writeFileSync(file, JSON.stringify({ passes, failures, pending }))
    })
  }
}
