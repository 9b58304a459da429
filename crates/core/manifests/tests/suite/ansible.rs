use super::{Case, check, run};
use onehop_code::{Sources, Value};
use onehop_document::Options;
use onehop_manifests::ansible;

#[test]
fn tasks_are_resources() {
    check(&[
        Case {
            name: "names of modules",
            input: "- amazon.aws.ec2_instance: {a: 1}\n- ec2_instance: {a: 1}\n- community.aws.ec2_launch_template: {}\n- community.aws.ec2_lc: {}\n- ec2: {}\n- local_action: {module: ec2, a: 1}\n- action: ec2 a=1 b='x y'\n- debug: {}\n",
            want: &[
                "amazon.aws.ec2_instance task[0] {a=1}",
                "amazon.aws.ec2_instance task[1] {a=1}",
                "amazon.aws.ec2_launch_template task[2] {}",
                "community.aws.autoscaling_launch_config task[3] {}",
                "amazon.aws.ec2 task[4] {}",
                "amazon.aws.ec2 task[5] {a=1}",
                r#"amazon.aws.ec2 task[6] {a="1" b="x y"}"#,
            ],
            why: "one module, many names",
        },
        Case {
            name: "variables",
            input: "- hosts: all\n  vars: {t: required, m: {http_tokens: '{{ t }}'}, n: {deep: {x: 1}}, o: {http_tokens: optional}, loop: '{{ loop }}'}\n  tasks:\n  - name: web\n    ec2_instance: {a: '{{ t }}', b: '{{ o }}', c: '{{ o.http_tokens }}', d: 'x-{{ t }}', e: '{{ none }}', f: '{{ t | default(\"x\") }}', g: \"{{ lookup('env', 'X') }}\", h: '{{ t + t }}', i: '{% if x %}y{% endif %}', j: '{{ loop }}', k: '{{ true }}', l: '{{ 2 }}', m: !vault 'x', n: !unsafe '{{ x }}', p: '{{ m }}', q: '{{ n.deep.x }}', r: \"{{ 'x' }}\", s: \"{{ none | default('optional') }}\", u: '{{ none | default(omit) }}', v: '{{ none | default(t) }}'}\n",
            want: &[
                r#"amazon.aws.ec2_instance web {a="required" b={http_tokens="optional"} c="optional" d="x-required" e=?no-default(none) f="required" g=?lookup(lookup('env', 'X')) h=?construct(t + t) i=?construct(a template) j=?cycle(loop) k=true l=2 m=?parameter(a value in a vault) n="{{ x }}" p=?construct(m) q=1 r="x" s="optional" u=null v=?no-default(none)}"#,
            ],
            why: "simple values of the same file",
        },
        Case {
            name: "scopes",
            input: "- hosts: all\n  vars: {t: play}\n  tasks:\n  - block:\n    - ec2_instance: {t: '{{ t }}'}\n    - ec2_instance: {t: '{{ t }}'}\n      vars: {t: task}\n    vars: {t: block}\n  - ec2_instance: {t: '{{ t }}'}\n  - set_fact: {t: fact}\n  - ec2_instance: {t: '{{ t }}'}\n- hosts: all\n  tasks:\n  - ec2_instance: {t: '{{ t }}'}\n",
            want: &[
                r#"amazon.aws.ec2_instance play[0].tasks[0].block[0] {t="block"}"#,
                r#"amazon.aws.ec2_instance play[0].tasks[0].block[1] {t="task"}"#,
                r#"amazon.aws.ec2_instance play[0].tasks[1] {t="play"}"#,
                r#"amazon.aws.ec2_instance play[0].tasks[3] {t="fact"}"#,
                "amazon.aws.ec2_instance play[1].tasks[0] {t=?no-default(t)}",
            ],
            why: "inner variables hide outer ones",
        },
        Case {
            name: "defaults of modules",
            input: "- hosts: all\n  module_defaults: {amazon.aws.ec2_instance: {metadata_options: {http_tokens: required}, x: 1}, group/aws: {region: eu-west-1}}\n  tasks:\n  - ec2_instance: {x: 2}\n  - ec2_lc: {}\n  - ec2_instance:\n    args: {x: 3}\n",
            want: &[
                r#"amazon.aws.ec2_instance play[0].tasks[0] {metadata_options={http_tokens="required"} x=2 region="eu-west-1"}"#,
                r#"community.aws.autoscaling_launch_config play[0].tasks[1] {region="eu-west-1"}"#,
                r#"amazon.aws.ec2_instance play[0].tasks[2] {metadata_options={http_tokens="required"} x=3 region="eu-west-1"}"#,
            ],
            why: "what is not said in the task",
        },
        Case {
            name: "results",
            input: "- name: lt\n  ec2_launch_template: {}\n  register: made\n- ec2_instance: {id: '{{ made.template.launch_template_id }}', x: 'y{{ made.z }}'}\n",
            want: &[
                "amazon.aws.ec2_launch_template lt {}",
                "amazon.aws.ec2_instance task[1] {id=->lt.template.launch_template_id x=?computed(lt)}",
            ],
            why: "what a task registers is a reference to it",
        },
        Case {
            name: "whether it is made",
            input: "- ec2_instance: {state: absent}\n- ec2_instance: {}\n  when: x is defined\n- ec2_instance: {}\n  when: false\n- block:\n  - ec2_instance: {}\n    when: true\n  when: [a, b]\n- block:\n  - ec2_instance: {}\n    when: a\n  when: no\n",
            want: &[
                "maybe(`when: x is defined`) amazon.aws.ec2_instance task[1] {}",
                "maybe(`when: …`) amazon.aws.ec2_instance task[3].block[0] {}",
            ],
            why: "state and conditions",
        },
        Case {
            name: "names of tasks",
            input: "- {name: a, ec2_instance: {}}\n- {name: a, ec2_instance: {}}\n",
            want: &["amazon.aws.ec2_instance a {}", "amazon.aws.ec2_instance task[1] {}"],
            why: "addresses are unique",
        },
    ]);
}

#[test]
fn values_are_at_their_use_and_come_from_their_variable() {
    let (sources, _, resources) = run(
        "- hosts: all\n  vars: {t: optional}\n  tasks:\n  - ec2_instance:\n      region: eu-west-1\n      t: '{{ t }}'\n",
    );
    let task = &resources[0];
    assert_eq!(task.provider.region.as_deref(), Some("eu-west-1"));
    assert_eq!(sources.text(task.span.unwrap()), "ec2_instance");
    let value = task.body.get("t").unwrap();
    assert_eq!(sources.text(value.span.unwrap()), "'{{ t }}'");
    assert_eq!(sources.text(value.origin.unwrap()), "optional");
}

#[test]
fn growth_is_bounded() {
    let mut vars = "    v0: ''\n".to_owned();
    for at in 1..20 {
        let line = format!("    v{at}: '{}'\n", format!("{{{{ v{} }}}}", at - 1).repeat(200));
        vars.push_str(&line);
    }
    let (_, _, resources) =
        run(&format!("- hosts: all\n  vars:\n{vars}  tasks:\n  - ec2_instance: {{x: '{{{{ v7 }}}}'}}\n"));
    assert!(resources[0].body.get("x").unwrap().why_unknown().is_some());
}

#[test]
fn uses_of_a_role_are_found() {
    let text = "
- name: one
  hosts: web
  vars: {a: 1}
  vars_files: [x.yml, '{{ env }}.yml']
  roles:
    - app
    - {role: our.team.app, b: 2, when: yes, vars: {c: 3}}
    - other
- hosts: db
  tasks:
    - block:
        - include_role: {name: app}
          vars: {d: 4}
    - ansible.builtin.import_role: {name: other}
";
    let mut sources = Sources::default();
    let file = sources.add("site.yml", text.as_bytes());
    let documents = onehop_document::read(file, sources.of(file), &Options::default()).documents;
    let found = ansible::uses(&documents[0], "app");
    let given = |at: usize| -> Vec<&str> {
        found[at].given.iter().flat_map(Value::entries).map(|entry| entry.key.as_str()).collect()
    };
    assert_eq!(found.len(), 3);
    assert_eq!((given(0), given(1), given(2)), (vec![], vec!["b", "c"], vec!["d"]));
    assert_eq!((found[0].play.as_str(), found[2].play.as_str()), ("one", "db"));
    assert_eq!(found[0].files, ["x.yml"]);
    assert_eq!(found[2].hosts.as_deref(), Some("db"));
    let needs = ansible::needs(&documents[0]);
    assert_eq!(
        (needs.hosts, needs.files),
        (vec!["web".to_owned(), "db".to_owned()], vec!["x.yml".to_owned()])
    );
}
