"""A program a language that does what the first line of its input says, and a broken one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LanguagePrograms:
    """The program, how deep it can recurse at least, and one that does not compile, with a part of
    the complaint."""

    text: str
    broken: str
    complaint: str
    depth: int = 1_000_000


JAVA = r"""
import java.io.*;
import java.util.*;

public class Deeds {
    static int deep(int n) { return n == 0 ? 0 : 1 + deep(n - 1); }
    static int total = 0;
    static synchronized void add() { total++; }

    static boolean refused(Object what) {
        try {
            if (what.equals("network")) new java.net.Socket("127.0.0.1", 80).close();
            else if (what.equals("read")) new FileInputStream("/etc/shadow").close();
            else new FileOutputStream("/usr/deed").close();
            return false;
        } catch (IOException error) {
            return true;
        }
    }

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        PrintWriter out = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out)));
        switch (in.readLine()) {
            case "echo":
                int n = Integer.parseInt(in.readLine());
                for (int i = 0; i < n; i++) out.println(Integer.parseInt(in.readLine()));
                break;
            case "talk":
                for (String line; (line = in.readLine()) != null; out.flush())
                    out.println(Integer.parseInt(line) + 1);
                break;
            case "deep": out.println(deep(Integer.parseInt(in.readLine()))); break;
            case "memory":
                List<byte[]> held = new ArrayList<>();
                int size = Integer.parseInt(in.readLine());
                for (int i = 0; i < size; i++) held.add(new byte[1 << 20]);
                out.println(held.size());
                break;
            case "loop": for (long i = 0; ; i++) if (i == -1) out.println(i);
            case "threads":
                List<Thread> threads = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    threads.add(new Thread(() -> { for (int i = 0; i < 100; i++) add(); }));
                    threads.get(t).start();
                }
                for (Thread thread : threads) thread.join();
                out.println(total);
                break;
            case "exit": System.exit(3);
            case "throw": throw new IllegalStateException("thrown");
            case "sleep": Thread.sleep(60_000); break;
            case "flood": for (;;) out.println("flood");
            case "network": out.println(refused("network") ? "refused" : "allowed"); break;
            case "files": out.println(refused("read") && refused("write") ? "refused" : "?"); break;
            case "bomb":
                for (;;) new Thread(() -> { try { Thread.sleep(60_000); }
                    catch (InterruptedException error) { } }).start();
        }
        out.flush();
    }
}
"""

KOTLIN = r"""
import java.io.*

fun deep(n: Int): Int = if (n == 0) 0 else 1 + deep(n - 1)

fun refused(what: String): Boolean {
    try {
        if (what == "network") java.net.Socket("127.0.0.1", 80).close()
        else if (what == "read") FileInputStream("/etc/shadow").close()
        else FileOutputStream("/usr/deed").close()
        return false
    } catch (error: IOException) {
        return true
    }
}

fun main(args: Array<String>) {
    val input = BufferedReader(InputStreamReader(System.`in`))
    val out = PrintWriter(BufferedWriter(OutputStreamWriter(System.out)))
    when (input.readLine()) {
        "echo" -> for (i in 1..input.readLine().toInt()) out.println(input.readLine().toInt())
        "talk" -> while (true) {
            val line = input.readLine() ?: break
            out.println(line.toInt() + 1)
            out.flush()
        }
        "deep" -> out.println(deep(input.readLine().toInt()))
        "memory" -> {
            val held = ArrayList<ByteArray>()
            for (i in 1..input.readLine().toInt()) held.add(ByteArray(1 shl 20))
            out.println(held.size)
        }
        "loop" -> { var i = 0L; while (true) { i++; if (i == -1L) out.println(i) } }
        "threads" -> {
            var total = 0
            val lock = Any()
            val threads = List(4) { Thread { for (i in 1..100) synchronized(lock) { total++ } } }
            threads.forEach { it.start() }
            threads.forEach { it.join() }
            out.println(total)
        }
        "exit" -> System.exit(3)
        "throw" -> throw IllegalStateException("thrown")
        "sleep" -> Thread.sleep(60000)
        "flood" -> while (true) out.println("flood")
        "network" -> out.println(if (refused("network")) "refused" else "allowed")
        "files" -> out.println(if (refused("read") && refused("write")) "refused" else "?")
        "bomb" -> while (true) Thread { Thread.sleep(60000) }.start()
    }
    out.flush()
}
"""

RUST = r"""
use std::io::{self, BufRead, Write};
use std::{fs, net, process, sync::{Arc, Mutex}, thread, time::Duration};

fn deep(n: u64, seen: &mut Vec<u64>) -> u64 {
    if n == 0 { return 0; }
    let found = 1 + deep(n - 1, seen);
    seen.push(found);
    found
}

fn main() {
    let input = io::stdin();
    let mut lines = input.lock().lines().map(|line| line.unwrap());
    let mut out = io::BufWriter::new(io::stdout());
    let say = |refused: bool| println!("{}", if refused { "refused" } else { "allowed" });
    match lines.next().unwrap().as_str() {
        "echo" => {
            let n: usize = lines.next().unwrap().parse().unwrap();
            for line in lines.take(n) {
                writeln!(out, "{}", line.parse::<i64>().unwrap()).unwrap();
            }
        }
        "talk" => for line in lines { println!("{}", line.parse::<i64>().unwrap() + 1); },
        "deep" => {
            let n: u64 = lines.next().unwrap().parse().unwrap();
            writeln!(out, "{}", deep(n, &mut Vec::new())).unwrap();
        }
        "memory" => {
            let n: usize = lines.next().unwrap().parse().unwrap();
            let held: Vec<Vec<u8>> = (0..n).map(|i| vec![i as u8 | 1; 1 << 20]).collect();
            writeln!(out, "{}", held.len()).unwrap();
        }
        "loop" => {
            let mut x = 1u64;
            loop { x = x.wrapping_mul(6364136223846793005).wrapping_add(1); if x == 0 { break; } }
        }
        "threads" => {
            let total = Arc::new(Mutex::new(0));
            let threads: Vec<_> = (0..4).map(|_| {
                let total = total.clone();
                thread::spawn(move || for _ in 0..100 { *total.lock().unwrap() += 1; })
            }).collect();
            for one in threads { one.join().unwrap(); }
            writeln!(out, "{}", total.lock().unwrap()).unwrap();
        }
        "exit" => process::exit(3),
        "throw" => panic!("thrown"),
        "sleep" => thread::sleep(Duration::from_secs(60)),
        "flood" => loop { writeln!(out, "flood").unwrap(); },
        "network" => say(net::TcpStream::connect("127.0.0.1:80").is_err()),
        "files" => say(fs::read("/etc/shadow").is_err() && fs::write("/usr/deed", "x").is_err()),
        "bomb" => loop { thread::spawn(|| thread::sleep(Duration::from_secs(60))); },
        _ => {}
    }
}
"""

GO = r"""
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + deep(n-1)
}

func say(refused bool) {
	if refused {
		fmt.Println("refused")
	} else {
		fmt.Println("allowed")
	}
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	number := func() int {
		in.Scan()
		n, err := strconv.Atoi(in.Text())
		if err != nil {
			panic(err)
		}
		return n
	}
	in.Scan()
	switch in.Text() {
	case "echo":
		for n := number(); n > 0; n-- {
			fmt.Fprintln(out, number())
		}
	case "talk":
		for in.Scan() {
			n, _ := strconv.Atoi(in.Text())
			fmt.Println(n + 1)
		}
	case "deep":
		fmt.Fprintln(out, deep(number()))
	case "memory":
		held := [][]byte{}
		for n := number(); n > 0; n-- {
			block := make([]byte, 1<<20)
			for i := 0; i < len(block); i += 4096 {
				block[i] = 1
			}
			held = append(held, block)
		}
		fmt.Fprintln(out, len(held))
	case "loop":
		for {
		}
	case "threads":
		total := 0
		var lock sync.Mutex
		var all sync.WaitGroup
		for t := 0; t < 4; t++ {
			all.Add(1)
			go func() {
				runtime.LockOSThread()
				for i := 0; i < 100; i++ {
					lock.Lock()
					total++
					lock.Unlock()
				}
				all.Done()
			}()
		}
		all.Wait()
		fmt.Fprintln(out, total)
	case "exit":
		os.Exit(3)
	case "throw":
		panic("thrown")
	case "sleep":
		time.Sleep(time.Minute)
	case "flood":
		for {
			fmt.Fprintln(out, "flood")
		}
	case "network":
		_, err := net.Dial("tcp", "127.0.0.1:80")
		say(err != nil)
	case "files":
		_, read := os.ReadFile("/etc/shadow")
		say(read != nil && os.WriteFile("/usr/deed", nil, 0o600) != nil)
	case "bomb":
		for {
			go func() {
				runtime.LockOSThread()
				time.Sleep(time.Minute)
			}()
		}
	}
}
"""

CSHARP = r"""
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

class Deeds {
    static int Deep(int n) { return n == 0 ? 0 : 1 + Deep(n - 1); }

    static bool Refused(Action what) {
        try { what(); return false; } catch (Exception) { return true; }
    }

    static void Main() {
        var output = new StreamWriter(Console.OpenStandardOutput());
        switch (Console.ReadLine()) {
            case "echo":
                int n = int.Parse(Console.ReadLine());
                for (int i = 0; i < n; i++) output.Write(int.Parse(Console.ReadLine()) + "\n");
                break;
            case "talk":
                for (string line; (line = Console.ReadLine()) != null; )
                    Console.WriteLine(int.Parse(line) + 1);
                break;
            case "deep": output.WriteLine(Deep(int.Parse(Console.ReadLine()))); break;
            case "memory":
                var held = new List<byte[]>();
                int size = int.Parse(Console.ReadLine());
                for (int i = 0; i < size; i++) {
                    var block = new byte[1 << 20];
                    for (int j = 0; j < block.Length; j += 4096) block[j] = 1;
                    held.Add(block);
                }
                output.WriteLine(held.Count);
                break;
            case "loop": for (long i = 0; ; i++) if (i == -1) break; break;
            case "threads":
                int total = 0;
                var threads = new List<Thread>();
                for (int t = 0; t < 4; t++) {
                    threads.Add(new Thread(() => {
                        for (int i = 0; i < 100; i++) Interlocked.Increment(ref total);
                    }));
                    threads[t].Start();
                }
                foreach (var thread in threads) thread.Join();
                output.WriteLine(total);
                break;
            case "exit": Environment.Exit(3); break;
            case "throw": throw new InvalidOperationException("thrown");
            case "sleep": Thread.Sleep(60000); break;
            case "flood": for (;;) output.WriteLine("flood");
            case "network":
                output.WriteLine(
                    Refused(() => new System.Net.Sockets.TcpClient("127.0.0.1", 80)
                        .GetStream().WriteByte(1))
                        ? "refused" : "allowed");
                break;
            case "files":
                output.WriteLine(
                    Refused(() => File.ReadAllText("/etc/shadow"))
                        && Refused(() => File.WriteAllText("/usr/deed", "x"))
                        ? "refused" : "allowed");
                break;
            case "bomb":
                for (;;) new Thread(() => Thread.Sleep(60000)).Start();
        }
        output.Flush();
    }
}
"""

JAVASCRIPT = r"""
const fs = require('fs');
const lines = fs.readFileSync(0, 'utf8').split('\n');
const out = [];

function deep(n) { return n === 0 ? 0 : 1 + deep(n - 1); }

function refused(deed) {
  try { deed(); return false; } catch (error) { return true; }
}

const deeds = {
  echo() { for (let i = 0; i < Number(lines[1]); i++) out.push(Number(lines[2 + i])); },
  deep() { out.push(deep(Number(lines[1]))); },
  memory() {
    const held = [];
    for (let i = 0; i < Number(lines[1]); i++) held.push(new Array(1 << 17).fill(i + 0.5));
    out.push(held.length);
  },
  loop() { for (let i = 0; ; i++) if (i === -1) break; },
  exit() { process.exit(3); },
  throw() { throw new Error('thrown'); },
  sleep() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000); },
  flood() { for (;;) fs.writeSync(1, 'flood\n'.repeat(1000)); },
  network() {
    require('net').connect(80, '127.0.0.1', () => console.log('allowed'))
      .on('error', () => console.log('refused'));
  },
  files() {
    const both = refused(() => fs.readFileSync('/etc/shadow'))
      && refused(() => fs.writeFileSync('/usr/deed', 'x'));
    out.push(both ? 'refused' : 'allowed');
  },
  bomb() {
    const { Worker } = require('worker_threads');
    for (;;) new Worker('setTimeout(() => {}, 60000)', { eval: true });
  },
  nothing() {},
};
deeds[lines[0]]();
if (out.length) console.log(out.join('\n'));
"""

TALKING_JAVASCRIPT = """
let first = true;
require('readline').createInterface({ input: process.stdin }).on('line', line => {
  if (!first) console.log(Number(line) + 1);
  first = false;
});
"""

PROGRAMS = {
    "java": LanguagePrograms(
        JAVA, "class A {\n    int f() { return y; }\n}\n", "Main.java:2: error: cannot find symbol"
    ),
    "kotlin": LanguagePrograms(
        KOTLIN, "fun main(args: Array<String>) {\n    println(y)\n}\n", "unresolved reference: y"
    ),
    "rust": LanguagePrograms(RUST, 'fn main() {\n    println!("{}", y);\n}\n', "main.rs:2:20"),
    "go": LanguagePrograms(GO, "package main\n\nfunc main() {\n\ty()\n}\n", "main.go:4:2"),
    "csharp": LanguagePrograms(
        CSHARP,
        "class A {\n    static void Main() { y(); }\n}\n",
        "main.cs(2,26): error CS0103",
        depth=50_000,
    ),
    "javascript": LanguagePrograms(
        JAVASCRIPT, "function main( {\n", "SyntaxError", depth=1_000_000
    ),
}
