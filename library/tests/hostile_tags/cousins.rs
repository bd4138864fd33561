//! Tags made to kill their reader: one function a container, each file with a name.

/// A file's name and bytes.
pub type Cousin = (String, Vec<u8>);

pub fn all() -> Vec<Cousin> {
    [id3(), flac(), mp4(), ogg(), ape(), iff(), pictures()].concat()
}

fn named(name: impl Into<String>, bytes: Vec<u8>) -> Cousin {
    (name.into(), bytes)
}

fn mpeg() -> Vec<u8> {
    [[0xff, 0xfb, 0x90, 0x00].as_slice(), &[0; 413]].concat().repeat(20)
}

fn syncsafe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8)
}

fn tag(version: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    [b"ID3".as_slice(), &[version, 0, flags], &syncsafe(body.len()), body].concat()
}

fn frame(version: u8, id: &[u8; 4], flags: [u8; 2], data: &[u8]) -> Vec<u8> {
    let size =
        if version == 4 { syncsafe(data.len()) } else { u32::try_from(data.len()).unwrap().to_be_bytes() };
    [id.as_slice(), &size, &flags, data].concat()
}

/// 250 MB of zeros as a zlib stream, taken out of a PNG.
pub fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 16_000, 15_625);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().unwrap();
    let mut stream = writer.stream_writer().unwrap();
    for _ in 0..15_625 {
        stream.write_all(&[0; 16_000]).unwrap();
    }
    stream.finish().unwrap();
    drop(writer);
    let (mut at, mut zlib) = (8, Vec::new());
    while at + 8 < png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
        if png[at + 4..at + 8] == *b"IDAT" {
            zlib.extend_from_slice(&png[at + 8..at + 8 + length]);
        }
        at += 12 + length;
    }
    zlib
}

fn id3() -> Vec<Cousin> {
    let bomb = bomb();
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());
    let size = 250_000_000_u32.to_be_bytes();
    let v3 = |id| tag(3, 0, &frame(3, id, [0, 0x80], &[size.as_slice(), &bomb].concat()));
    let v4 = |id| tag(4, 0, &frame(4, id, [0, 0x09], &[[0x77, 0x1a, 0x6b, 0].as_slice(), &bomb].concat()));
    let mut files = vec![
        named("apic-bomb-23.mp3", v3(b"APIC")),
        named("apic-bomb-24.mp3", v4(b"APIC")),
        named("text-bomb-23.mp3", v3(b"TIT2")),
        named("text-bomb-24.mp3", v4(b"TXXX")),
        named("whole-bomb-22.mp3", tag(2, 0x40, &bomb)),
        named("unsync-16mb.mp3", tag(3, 0x80, &[0xff, 0].repeat(8 << 20))),
        named("unsync-frames-24.mp3", tag(4, 0x80, &frame(4, b"APIC", [0, 2], &[0xff, 0].repeat(8 << 20)))),
        named("extended-2-31.mp3", tag(3, 0x40, &[0x7f, 0xff, 0xff, 0xff, 0, 0])),
        named("extended-all-24.mp3", tag(4, 0x40, &[0x7f; 64])),
        named("footers.mp3", tag(4, 0x10, b"").repeat(100_000)),
        named("tags-in-a-row.mp3", tag(4, 0, b"").repeat(200_000)),
        named("frames-of-zero.mp3", tag(3, 0, &frame(3, b"TIT2", [0; 2], b"").repeat(400_000))),
        named("values.mp3", tag(4, 0, &frame(4, b"TPE1", [0; 2], &b"\x03a\0".repeat(20_000)))),
        named("bad-utf16.mp3", tag(4, 0, &frame(4, b"TIT2", [0; 2], &[1, 0xff, 0xfe, 0, 0xd8, 0, 0xdc, 9]))),
        named(
            "marks.mp3",
            tag(
                4,
                0,
                &frame(4, b"TIT2", [0; 2], &["\x03z", &"\u{0301}".repeat(30_000)].concat().into_bytes()),
            ),
        ),
        named(
            "markup.mp3",
            tag(4, 0, &frame(4, b"TIT2", [0; 2], "\x03a\nb\u{202e}c\u{2066}<b>d</b>\u{7}".as_bytes())),
        ),
    ];
    for (name, bytes) in &mut files {
        bytes.extend(mpeg());
        assert!(name.ends_with(".mp3"));
    }
    let mut size_2_28 = tag(3, 0, b"");
    size_2_28[6..10].copy_from_slice(&[0x7f; 4]);
    files.push(named("size-2-28.mp3", [size_2_28, mpeg()].concat()));
    let huge = [b"APIC".as_slice(), &[0xff; 4], &[0; 2], &[0; 64]].concat();
    files.push(named("frame-2-32.mp3", [tag(3, 0, &huge), mpeg()].concat()));
    files
}

fn flac() -> Vec<Cousin> {
    let mut start = b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0\x0a\xc4\x42\xf0\0\x01\0\0".to_vec();
    start.extend([0; 16]);
    let with = |name: &str, kind: u8, length: [u8; 3], body: &[u8]| {
        named(name, [start.as_slice(), &[kind], &length, body].concat())
    };
    let number = |value: u32| value.to_be_bytes();
    let lengths = [number(3), number(u32::MAX), number(u32::MAX), number(u32::MAX)].concat();
    let comments = [&[0; 4], u32::MAX.to_le_bytes().as_slice()].concat();
    vec![
        with("picture.flac", 6, [0xff; 3], &lengths),
        with("picture-2-31.flac", 0x86, [0, 0, 32], &[number(3), number(1 << 31), [0; 4], [0; 4]].concat()),
        with("padding.flac", 1, [0xff; 3], b""),
        with("seektable.flac", 3, [0xff; 3], &[0xff; 5000]),
        with("paddings.flac", 1, [0; 3], &[1, 0, 0, 0].repeat(500_000)),
        with("vendor.flac", 4, [0xff; 3], &[0xff; 64]),
        with("count.flac", 4, [0xff; 3], &[comments.as_slice(), &[0; 400_000]].concat()),
        with("infos.flac", 0, [0, 0, 34], &[&[0; 34], [0, 0, 0, 34].as_slice()].concat().repeat(100_000)),
    ]
}

fn atom(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), kind.as_slice(), body].concat()
}

fn mp4() -> Vec<Cousin> {
    let file =
        |name: &str, rest: &[u8]| named(name, [atom(b"ftyp", b"M4A \0\0\0\0"), rest.to_vec()].concat());
    let nested = |kind: &[u8; 4], depth: usize| (0..depth).fold(Vec::new(), |inner, _| atom(kind, &inner));
    let wide = |size: u64| [b"\0\0\0\x01moov".as_slice(), &size.to_be_bytes(), &[0; 64]].concat();
    let table = |kind: &[u8; 4]| atom(kind, &[[0; 4], (1_u32 << 31).to_be_bytes(), [0xff; 4]].concat());
    let tables = [table(b"stsz"), table(b"stts"), table(b"stco"), table(b"stsd")].concat();
    let track = |stbl: &[u8]| {
        let handler = atom(b"hdlr", b"\0\0\0\0\0\0\0\0soun\0\0\0\0");
        let media = [handler, atom(b"minf", &atom(b"stbl", stbl))].concat();
        atom(b"moov", &atom(b"trak", &atom(b"mdia", &media)))
    };
    let list = |items: &[u8]| {
        let meta = [&[0; 4], atom(b"ilst", items).as_slice()].concat();
        atom(b"moov", &atom(b"udta", &atom(b"meta", &meta)))
    };
    let data = |body: &[u8]| atom(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], body].concat());
    let mut huge_cover = atom(b"covr", &data(b"x"));
    huge_cover[0..4].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    vec![
        file("nested.m4a", &nested(b"moov", 20_000)),
        file("nested-meta.m4a", &atom(b"moov", &nested(b"meta", 20_000))),
        file("zero.m4a", &[0; 80_000]),
        file("to-the-end.m4a", &b"\0\0\0\0moov".repeat(20_000)),
        file("size-2-31.m4a", b"\x7f\xff\xff\xffmoov\x7f\xff\xff\xfftrak"),
        file("size-2-63.m4a", &wide(1 << 63)),
        file("size-2-64.m4a", &wide(u64::MAX)),
        file("size-of-one.m4a", &b"\0\0\0\x04moov".repeat(20_000)),
        file("tables.m4a", &track(&tables)),
        file("tracks.m4a", &atom(b"moov", &atom(b"trak", &atom(b"mdia", b"")).repeat(60_000))),
        file("cover-2-31.m4a", &list(&huge_cover)),
        file("texts.m4a", &list(&atom(b"\xa9ART", &data(&[b'x'; 60_000])).repeat(100))),
        file("words.m4a", &list(&atom(b"----", &atom(b"name", b"\0\0\0\0ARTIST")).repeat(60_000))),
        file("cyclic-edits.m4a", &atom(b"moov", &atom(b"trak", &atom(b"edts", &atom(b"elst", &[0xff; 8]))))),
    ]
}

/// A page with `segments` lacing values, of which the body follows.
fn page(flags: u8, serial: u32, segments: &[u8], body: &[u8]) -> Vec<u8> {
    let mut page = [b"OggS\0".as_slice(), &[flags], &[0; 8], &serial.to_le_bytes(), &[0; 8]].concat();
    page.push(u8::try_from(segments.len()).unwrap());
    [page, segments.to_vec(), body.to_vec()].concat()
}

fn ogg() -> Vec<Cousin> {
    let head = b"\x01vorbis\0\0\0\0\x02\x44\xac\0\0\0\0\0\0\0\xee\x02\0\0\0\0\0\xb8\x01";
    let first = page(2, 1, &[30], &[head.as_slice(), &[0; 2]].concat()[..30]);
    let full = |body: u8| page(1, 1, &[255; 255], &[body; 65_025]);
    let comment = |rest: &[u8]| [b"\x03vorbis".as_slice(), rest].concat();
    let file = |name: &str, rest: &[u8]| named(name, [first.as_slice(), rest].concat());
    let count = comment(&[&[0; 4], u32::MAX.to_le_bytes().as_slice(), &[0; 200]].concat());
    let mut picture = comment(&[&[0; 4], 1_u32.to_le_bytes().as_slice(), &u32::MAX.to_le_bytes()].concat());
    picture.extend(b"METADATA_BLOCK_PICTURE=");
    picture.resize(65_025, b'A');
    vec![
        file("endless.ogg", &full(0).repeat(300)),
        file("endless-picture.ogg", &[page(0, 1, &[255; 255], &picture), full(b'A').repeat(400)].concat()),
        file("empty-pages.ogg", &page(0, 1, &[], &[]).repeat(200_000)),
        file("count.ogg", &page(0, 1, &[219], &count)),
        file("other-streams.ogg", &page(2, 7, &[1], &[0]).repeat(200_000)),
        named("streams.ogg", page(2, 7, &[1], &[0]).repeat(200_000)),
        file("captures.ogg", &b"OggS".repeat(1_000_000)),
        file("halves.ogg", &b"OgOgg".repeat(800_000)),
    ]
}

fn ape() -> Vec<Cousin> {
    let footer = |size: u32, count: u32, flags: u32| {
        let numbers = [2000, size, count, flags, 0, 0].map(u32::to_le_bytes).concat();
        [b"APETAGEX".as_slice(), &numbers].concat()
    };
    let item = |length: u32, flags: u32, key: &[u8]| {
        [&length.to_le_bytes(), flags.to_le_bytes().as_slice(), key, b"\0"].concat()
    };
    let file = |name: &str, items: &[u8], count: u32| {
        let size = u32::try_from(items.len()).unwrap() + 32;
        named(name, [mpeg(), items.to_vec(), footer(size, count, 0)].concat())
    };
    vec![
        file("count-2-31.ape.mp3", &item(0, 0, b"Title").repeat(1000), 1 << 31),
        file("swarm.ape.mp3", &item(0, 0, b"Artist").repeat(1_000_000), u32::MAX),
        file("length-2-31.ape.mp3", &item(1 << 31, 0, b"Title"), 1),
        file("key.ape.mp3", &[b'k'; 100_000], 5),
        file("cover.ape.mp3", &item(0x7fff_ffff, 2, b"Cover Art (Front)"), 1),
        named("size-2-32.ape.mp3", [mpeg(), footer(u32::MAX, 1, 1 << 31)].concat()),
    ]
}

fn iff() -> Vec<Cousin> {
    let chunk = |id: &[u8; 4], size: u32, body: &[u8]| [id.as_slice(), &size.to_le_bytes(), body].concat();
    let riff = |rest: &[u8]| [b"RIFF\xff\xff\xff\xffWAVE".as_slice(), rest].concat();
    let aiff = |rest: &[u8]| [b"FORM\xff\xff\xff\xffAIFF".as_slice(), rest].concat();
    let id3 = tag(3, 0, &frame(3, b"APIC", [0; 2], &[0x41; 100_000]));
    vec![
        named("chunks.wav", riff(&chunk(b"junk", 0, b"").repeat(500_000))),
        named("size-2-31.wav", riff(&chunk(b"LIST", 1 << 31, b"INFOINAM\xff\xff\xff\xff"))),
        named("info.wav", riff(&chunk(b"LIST", 4 << 20, &[b"INFO".as_slice(), &[0; 4 << 20]].concat()))),
        named("id3s.wav", riff(&chunk(b"id3 ", u32::try_from(id3.len()).unwrap(), &id3).repeat(200))),
        named("size-2-31.aiff", aiff(b"NAME\x80\0\0\0abc")),
        named("format-2-32.aiff", aiff(b"COMM\xff\xff\xff\xff\0\x02")),
    ]
}

/// One chunk of a PNG; its checksum is left wrong or not looked at.
fn png_chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len()).unwrap().to_be_bytes(), id.as_slice(), body, &[0; 4]].concat()
}

fn pictures() -> Vec<Cousin> {
    let bomb = bomb();
    let with = |name: &str, picture: &[u8]| {
        let data = [b"\0image/x\0\x03\0".as_slice(), picture].concat();
        named(name, [tag(3, 0, &frame(3, b"APIC", [0; 2], &data)), mpeg()].concat())
    };
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 64, 64);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[7; 64 * 64]).unwrap();
    // Chunks behind the header, as compressed text and colour profiles are.
    let inject = |id: &[u8; 4], name: &[u8]| {
        let chunk = png_chunk(id, &[name, &bomb].concat());
        [&png[..33], chunk.as_slice(), &png[33..]].concat()
    };
    let mut zeros = png[..33].to_vec();
    zeros[16..24].copy_from_slice(&[0, 0, 0x3e, 0x80, 0, 0, 0x3d, 0x09]);
    zeros.extend(png_chunk(b"IDAT", &bomb));
    let gif = |width: u16, rest: &[u8]| {
        let size = width.to_le_bytes();
        [b"GIF89a".as_slice(), &size, &size, &[0xf7, 0, 0], &[9; 768], rest].concat()
    };
    let frame = b"\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0";
    let webp = |rest: &[u8]| [b"RIFF\xff\xff\xff\x7fWEBP".as_slice(), rest].concat();
    vec![
        with("ztxt.png.mp3", &inject(b"zTXt", b"comment\0\0")),
        with("itxt.png.mp3", &inject(b"iTXt", b"comment\0\x01\0\0\0")),
        with("iccp.png.mp3", &inject(b"iCCP", b"profile\0\0")),
        with("idat.png.mp3", &zeros),
        with("frames.gif.mp3", &gif(0xffff, &frame.repeat(100_000))),
        with("small-screen.gif.mp3", &gif(1, frame)),
        with("canvas.webp.mp3", &webp(b"VP8X\x0a\0\0\0\x02\0\0\0\xff\x3f\0\xff\x3f\0")),
        with("lossless.webp.mp3", &webp(b"VP8L\xff\xff\xff\0\x2f\xff\xff\xff\x0f")),
        with(
            "segments.jpg.mp3",
            &[b"\xff\xd8".as_slice(), &[0xff, 0xe2, 0xff, 0xff].repeat(100_000)].concat(),
        ),
        with(
            "scans.jpg.mp3",
            &[
                b"\xff\xd8\xff\xc2\0\x0b\x08\x20\0\x20\0\x01\x01\x11\0".as_slice(),
                &b"\xff\xda\0\x08\x01\x01\0\0\x3f\0".repeat(50_000),
            ]
            .concat(),
        ),
    ]
}
