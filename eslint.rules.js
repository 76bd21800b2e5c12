/** Rules of this repository. */

const isDoc = (comment) => comment?.type === "Block" && comment.value.startsWith("*")

const namesOf = ({ declarations, id }) => (declarations ?? [{ id }]).map(({ id }) => id.name)

/** Every file and every exported name has a doc comment; a type and a value of the same name share one. */
export const documented = {
  meta: { type: "problem", schema: [{ type: "object", properties: { tags: { type: "boolean" } } }] },
  create: ({ options: [{ tags = false } = {}], report, sourceCode }) => ({
    Program: (program) => {
      const [first] = sourceCode.getAllComments()
      const check = (node, comment, what, required) => {
        if (comment === undefined) return report({ node, message: `${what} needs a doc comment` })
        for (const tag of tags ? required : []) {
          if (!comment.value.includes(`@${tag} `) && !comment.value.includes(`@${tag}\n`)) {
            report({ node, message: `the doc comment of ${what} needs @${tag}` })
          }
        }
      }
      const comments = new Map()
      const exported = program.body.flatMap((node) =>
        node.type === "ExportNamedDeclaration" && node.declaration ? [[node, namesOf(node.declaration)]] : []
      )
      for (const [node, names] of exported) {
        const comment = sourceCode.getCommentsBefore(node).findLast((each) => isDoc(each) && each !== first)
        for (const name of names) comments.set(name, comments.get(name) ?? comment)
      }
      check(program, isDoc(first) && first.range[0] === 0 ? first : undefined, "the file", ["module", "since"])
      for (const [node, [name]] of exported) check(node, comments.get(name), name, ["since", "category"])
    }
  })
}
