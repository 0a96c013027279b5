-- What the ledger keeps beside the logs of the data dictionary. Readers: store, auditors.
-- table batch: 入库批次，每个文件一批，只增不改 / Batches: one per file, only ever added
-- batch.batch_id: 批次号，按先后排列 / Batch number, in order
-- batch.edition: 首次出现的数据版本 / Edition in which it first stands
-- batch.file_name: 原文件名 / Name of the file as given
-- batch.file_sha256: 原文件 SHA-256，存于 data/sources / SHA-256 of the file, kept in data/sources
-- batch.sender: 报送单位 / Sender
-- batch.as_of: 封面截至日期 / As-of date on its cover
-- batch.kind: 类别：load 报送，seed 基础数据，reversal 冲销，correction 更正 / load, seed, reversal or correction
-- batch.loaded_by: 入库人 / Who loaded it
-- batch.loaded_at: 入库时间（UTC） / When it was loaded (UTC)
-- batch.reviewer: 复核人 / Reviewer
-- batch.reason: 事由 / Reason
-- batch.reverses: 所冲销的批次 / Batch it reverses
-- batch.program_version: 程序版本 / Version of the program
-- batch.profile: 列对应方案 / Profile by which its columns were matched
-- batch.cover: 封面内容（JSON） / Cover (JSON)
-- batch.complete: 声明为全量的表（JSON） / Tables declared complete (JSON)
-- batch.counts: 各表新增、变更、未变行数（JSON） / Rows new, changed and unchanged by table (JSON)
-- batch.previous_hash: 上一批次存档的 SHA-256 / SHA-256 of the previous batch's archive
-- batch.hash: 本批次存档 data/batches/<批次号>.jsonl 的 SHA-256 / SHA-256 of its own archive
CREATE TABLE batch (
    batch_id VARCHAR NOT NULL,
    edition INTEGER NOT NULL,
    file_name VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    sender VARCHAR,
    as_of DATE,
    kind VARCHAR NOT NULL,
    loaded_by VARCHAR NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    reviewer VARCHAR,
    reason VARCHAR,
    reverses VARCHAR,
    program_version VARCHAR NOT NULL,
    profile VARCHAR,
    cover VARCHAR NOT NULL,
    complete VARCHAR NOT NULL,
    counts VARCHAR NOT NULL,
    previous_hash VARCHAR,
    hash VARCHAR
);

-- table edition: 数据版本，每次发布一个 / Editions: one per publish
-- edition.edition: 版本号 / Edition number
-- edition.last_batch_id: 所含的最后一个批次 / Last batch it holds
-- edition.published_at: 发布时间（UTC） / When it was published (UTC)
-- edition.published_by: 发布人 / Who published it
-- edition.head_hash: 校验链末端，即最后批次的 SHA-256 / Head of the chain: the last batch's SHA-256
CREATE TABLE edition (
    edition INTEGER NOT NULL,
    last_batch_id VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    published_by VARCHAR NOT NULL,
    head_hash VARCHAR
);

-- table batch_column: 每批次各字段取自哪一列，由此可查到单元格 / Which column a batch took each field from: the way to the cell
-- batch_column.batch_id: 批次号 / Batch
-- batch_column.table_name: 表 / Table
-- batch_column.sheet: 工作表 / Sheet
-- batch_column.field: 字段 / Field
-- batch_column.column_letter: 列标 / Column letter
-- batch_column.header: 原表头 / Header as written
-- batch_column.unit_factor: 单位换算系数 / Factor of its unit
CREATE TABLE batch_column (
    batch_id VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    sheet VARCHAR,
    field VARCHAR NOT NULL,
    column_letter VARCHAR,
    header VARCHAR,
    unit_factor DECIMAL(18,8)
);

-- table view_text: 本版本各视图与宏的定义，供核验 / Text of every view and macro of this edition, for verification
-- view_text.place: 创建次序 / Place in the order of creation
-- view_text.name: 名称 / Name
-- view_text.kind: 类型：view 视图，macro 宏，table 结果表 / view, macro or table of results
-- view_text.sha256: 定义文本的 SHA-256 / SHA-256 of the text
-- view_text.sql_text: 定义文本 / Text
CREATE TABLE view_text (
    place INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    sql_text VARCHAR NOT NULL
);
